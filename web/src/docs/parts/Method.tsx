/** The method of an operation; what changes something stands out. */
import type { ReactNode } from "react";

import { Tag } from "../../shared/Tag";

export function Method({ of }: { of: string }): ReactNode {
  return <Tag tone={of === "GET" ? "kind" : "state"}>{of}</Tag>;
}
