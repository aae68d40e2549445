/** The fields that a row changes, as people read them. */

interface Change {
  path: string;
  before: string;
  after: string;
}

type Fields = Record<string, unknown> | null | undefined;

const NOTHING = "（空）";
/** What a record shows of a field, whose name is the field's. */
const OF_THE_RECORD: Record<string, string> = { "contact.phone_masked": "contact.phone" };

export function changesOf(before: Fields, after: Fields): Change[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const change = { before: was.get(path) ?? NOTHING, after: is.get(path) ?? NOTHING };
    return change.before === change.after ? [] : [{ path: OF_THE_RECORD[path] ?? path, ...change }];
  });
}

function said(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** By paths; what is null is not there. */
function flat(fields: Fields, within = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (Array.isArray(value)) found.set(within + name, value.join("、"));
    else if (value !== null && typeof value === "object")
      for (const [path, inner] of flat(value as Fields, `${within}${name}.`)) found.set(path, inner);
    else if (value !== null && value !== undefined) found.set(within + name, said(value));
  }
  return found;
}
