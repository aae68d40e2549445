/** The addresses of the portal's pages. */

interface Thing {
  type: "challenge" | "record";
  /** A challenge's UUID, or `jurisdiction/kind/source_id`, of which the last part is the city's own and may hold anything. */
  id: string;
}

export function pathOf({ type, id }: Thing): string {
  if (type === "challenge") return `/challenges/${encodeURIComponent(id)}`;
  const [jurisdiction = "", kind = "", ...rest] = id.split("/");
  return `/items/${jurisdiction}/${kind}/${encodeURIComponent(rest.join("/"))}`;
}

/** The search with one filter, such as `searchFor("board", "policy")`. */
export function searchFor(filter: string, value: string): string {
  return `/search?${new URLSearchParams({ [filter]: value }).toString()}`;
}
