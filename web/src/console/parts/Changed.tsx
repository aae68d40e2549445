/** What is there now, where somebody else was faster: asked for once a write was refused for it (412). */
import { type UseMutationResult, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Conflict, isConflict } from "../../shared/Conflict";

/** The write that was refused. */
export type Refused = Pick<UseMutationResult<unknown, Error, never>, "error" | "reset">;

interface Told<Thing> {
  /** As it is on this page, under this key of the queries. */
  mine: Thing;
  of: readonly string[];
  write: Refused;
  ask: () => Promise<Thing>;
  fields: { label: string; of: (thing: Thing) => string }[];
}

export function Changed<Thing>({ mine, of, write, ask, fields }: Told<Thing>): ReactNode {
  const client = useQueryClient();
  const { data: now } = useQuery({
    queryKey: [...of, "now"],
    queryFn: ask,
    enabled: isConflict(write.error),
    gcTime: 0,
  });
  return (
    <Conflict
      error={write.error}
      mine={mine}
      now={now}
      fields={fields}
      take={() => {
        write.reset();
        client.setQueryData(of, now);
      }}
    />
  );
}
