/** The page of what a message is about, where there is one. */
import { pathOf } from "../paths";

interface Place {
  path: string;
  /** A page of the console, which is another program. */
  elsewhere?: boolean;
}

export function placeOf({ type, id }: { type: string; id: string }): Place | null {
  switch (type) {
    case "challenge":
    case "record":
      return { path: pathOf({ type, id }) };
    case "organization":
      return { path: "/account" };
    case "objection":
      return { path: "/objections" };
    case "objection_to_answer":
      return { path: `/console/objections/${encodeURIComponent(id)}`, elsewhere: true };
    case "list":
      return { path: "/console/freshness", elsewhere: true };
    case "batch":
      return { path: `/console/batches/${encodeURIComponent(id)}`, elsewhere: true };
    default:
      return null; // newer than this page
  }
}
