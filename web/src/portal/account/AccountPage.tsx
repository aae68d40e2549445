/** Somebody's own account, beside what else is theirs. */
import type { ReactNode } from "react";

import { Account } from "../../shared/account/Account";
import { Mine } from "../mine/Mine";

export function AccountPage(): ReactNode {
  return (
    <Mine>
      <Account />
    </Mine>
  );
}
