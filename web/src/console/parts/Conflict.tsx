/** Somebody else has changed the thing meanwhile (412): what was on this page, and what is there now. */
import type { UseMutationResult } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";

import { Problem } from "../../api/client";
import { Plain } from "./Rows";

interface Told<Thing> {
  write: Pick<UseMutationResult<unknown, Error, never>, "error" | "reset">;
  seen: Thing;
  /** As it is now, once it was asked for. */
  now: Thing | undefined;
  /** What may differ, by its name here. */
  fields: Partial<Record<keyof Thing, string>>;
  /** Goes on with what is there now. */
  take: () => void;
}

export function isConflict(error: Error | null): boolean {
  return error instanceof Problem && error.status === 412;
}

export function Conflict<Thing extends object>({ write, seen, now, fields, take }: Told<Thing>): ReactNode {
  if (!isConflict(write.error) || now === undefined) return null;
  const differing = (Object.keys(fields) as (keyof Thing)[]).filter(
    (field) => JSON.stringify(seen[field]) !== JSON.stringify(now[field]),
  );
  return (
    <section aria-label="两个版本">
      <h2>内容已被他人修改</h2>
      <p>您看到的与现在的不同，请核对后再继续：</p>
      <Plain
        items={differing}
        id={String}
        label="不同之处"
        columns={[
          { title: "项目", of: (field) => fields[field] },
          { title: "您看到的", of: (field) => shown(seen[field]) },
          { title: "现在的", of: (field) => shown(now[field]) },
        ]}
      />
      <Button type="primary" onClick={take}>
        按现在的版本继续
      </Button>
    </section>
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
