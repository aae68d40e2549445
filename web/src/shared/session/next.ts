/** Where somebody goes on after logging in. It stands in the address, so anybody may have written it. */

/** The address if it is one of our own pages; the first page otherwise. Absolute, so that `//host` cannot hide in a path. */
export function ownAddress(next: string | null, ours = window.location.origin): string {
  const url = next?.startsWith("/") && URL.canParse(next, ours) ? new URL(next, ours) : null;
  return url?.origin === ours ? url.href : `${ours}/`;
}

/** The login page, which comes back here. */
export function loginFrom({ pathname, search }: { pathname: string; search: string }): string {
  return `/login?${new URLSearchParams({ next: pathname + search }).toString()}`;
}
