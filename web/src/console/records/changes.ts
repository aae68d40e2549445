/** What differs between two states of a record, field by field, in the paths of a row. */
import type { View } from "../../api/client";

type Content = View<"RecordView">;

interface Change {
  field: string;
  from: string;
  to: string;
}

/** What says where a state comes from, and not what it says. */
const PROVENANCE = new Set(["jurisdiction", "kind", "batch_id", "updated_at", "deleted", "version"]);
const ALSO = new Set(["verdict", "row", "at", "approved_by"]);
const NOTHING = "（无）";

/** Every field that holds something, by its path, as text. */
export function flat(record: Content): Record<string, string> {
  const found: Record<string, string> = {};
  const put = (path: string, value: unknown): void => {
    if (value === null || value === undefined || value === "") return;
    if (Array.isArray(value)) {
      if (value.length) found[path] = value.map(String).join("、");
    } else if (typeof value === "object") {
      for (const [name, each] of Object.entries(value)) put(`${path}.${name}`, each);
    } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      found[path] = String(value);
  };
  for (const [name, value] of Object.entries(record)) if (!PROVENANCE.has(name) && !ALSO.has(name)) put(name, value);
  return found;
}

export function changesOf(before: Content, after: Content): Change[] {
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => old[field] !== now[field])
    .map((field) => ({ field, from: old[field] ?? NOTHING, to: now[field] ?? NOTHING }));
}
