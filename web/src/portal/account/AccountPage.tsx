/** Somebody's own account, for whoever is logged in. */
import type { ReactNode } from "react";

import { Account } from "../../shared/account/Account";
import { Signed } from "../../shared/session/Signed";

export function AccountPage(): ReactNode {
  return (
    <Signed>
      <Account />
    </Signed>
  );
}
