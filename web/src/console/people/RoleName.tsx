/** A role as it is held: for which city, with which duty, for which employer. */
import type { ReactNode } from "react";

import type { View } from "../../api/client";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";

export function RoleName({ of: held }: { of: View<"RoleGrant"> }): ReactNode {
  const name = useNames();
  const more = [
    held.duty && name("duties", held.duty),
    held.employer_credit_code && `任职单位 ${held.employer_credit_code}`,
  ].filter(Boolean);
  return (
    <Tag>
      {held.jurisdiction && `${name("jurisdictions", held.jurisdiction)} · `}
      {name("roles", held.role)}
      {more.length > 0 && `（${more.join("，")}）`}
    </Tag>
  );
}
