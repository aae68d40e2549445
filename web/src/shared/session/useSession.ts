/** Who is logged in, for parts of pages. */
import { useSyncExternalStore } from "react";

import { current, type Standing, subscribe, type User } from "./session";

export function useSession(): Standing {
  return useSyncExternalStore(subscribe, current);
}

/** Whoever is logged in. For what stands within `<Signed>`. */
export function useUser(): User {
  const standing = useSession();
  if (!("user" in standing)) throw new Error("nobody is logged in here");
  return standing.user;
}
