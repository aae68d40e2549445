/** The way in, and back to where one came from. */
import { type ReactNode, useEffect } from "react";
import { useSearchParams } from "react-router";

import { Login } from "../../shared/login/Login";
import { ownAddress } from "../../shared/session/next";
import { useSession } from "../../shared/session/useSession";

export function LoginPage(): ReactNode {
  const { is } = useSession();
  const [parameters] = useSearchParams();
  const next = ownAddress(parameters.get("next"));
  useEffect(() => {
    // Loaded anew: it may be a page of the console, which is another program.
    if (is === "in") window.location.replace(next);
  }, [is, next]);
  return is === "out" || is === "again" ? <Login /> : null;
}
