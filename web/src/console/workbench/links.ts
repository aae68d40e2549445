/** Where the console shows what a path of the API lists; null where it does not. */

export function pathOf(link: string): string | null {
  const [path = "", query = ""] = link.replace("/api/v1/", "").split("?");
  const service = /^ops\/(\w+)\/dead-letters$/.exec(path)?.[1];
  const filters = new URLSearchParams(query);
  const status = filters.get("status") ?? "";
  if (service) return `/dead-letters?${new URLSearchParams({ service, status }).toString()}`;
  if (path === "accounts/organizations") return `/organizations?${new URLSearchParams({ status }).toString()}`;
  if (path === "sync/batches")
    return `/batches?${new URLSearchParams({ state: filters.get("state") ?? "" }).toString()}`;
  if (path === "sync/objections")
    return `/objections?${new URLSearchParams({ state: filters.get("state") ?? "" }).toString()}`;
  if (path === "challenges") return `/challenges?${new URLSearchParams({ status }).toString()}`;
  return null;
}
