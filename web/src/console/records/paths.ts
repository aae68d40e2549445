/** The addresses of records in the console. The last part of an id is the city's own and may hold anything. */

export function pathOf(recordId: string): string {
  const [jurisdiction = "", kind = "", ...rest] = recordId.split("/");
  return `/records/${jurisdiction}/${kind}/${encodeURIComponent(rest.join("/"))}`;
}
