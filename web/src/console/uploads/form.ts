/** What a clerk says of a file, as the form of `POST sync/uploads`. */
import type { Jurisdiction } from "../parts/City";

/** The empty text where there is nothing to say. */
export interface Said {
  jurisdiction: Jurisdiction;
  kind: string;
  mode: "delta" | "snapshot";
  dry_run: boolean;
  coordinates: string;
  encoding: string;
  mapping: string;
}

/** `of` names the file: by itself it is written as nothing, and two would pass for one and the same intent. */
export interface Upload {
  said: Said;
  file: File;
  of: string;
}

export function upload(said: Said, file: File): Upload {
  return { said, file, of: `${file.name} ${file.size} ${file.lastModified}` };
}

/** The bytes of the form, and the type that names what parts its fields. */
export async function formOf({ said, file }: Upload): Promise<{ body: ArrayBuffer; type: string }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(said)) form.set(name, String(value));
  form.set("file", file);
  const written = new Response(form);
  return { body: await written.arrayBuffer(), type: written.headers.get("content-type") ?? "" };
}
