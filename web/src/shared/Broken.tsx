/** In place of a page that could not be fetched, or that failed while it was drawn. */
import type { ReactNode } from "react";
import { useRouteError } from "react-router";

import { Unreachable } from "../api/client";
import { Fault } from "./Answer";

export function Broken(): ReactNode {
  const thrown = useRouteError();
  // A part of the program that the browser does not get: nobody answers, or a new version has other parts.
  const missing = thrown instanceof TypeError && thrown.message.includes("import");
  const error = missing ? new Unreachable() : thrown instanceof Error ? thrown : new Error(String(thrown));
  return (
    <Fault
      error={error}
      again={() => {
        window.location.reload();
      }}
    />
  );
}
