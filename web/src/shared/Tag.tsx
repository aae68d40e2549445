/** One word about a thing: its kind or its state. */
import type { ReactNode } from "react";

import styles from "./Tag.module.css";

interface Told {
  children: ReactNode;
  /** `state` for what will change. */
  tone?: "kind" | "state";
}

export function Tag({ children, tone = "kind" }: Told): ReactNode {
  return <span className={`${styles.tag ?? ""} ${styles[tone] ?? ""}`}>{children}</span>;
}
