/** An example as it goes over the wire. */
import type { ReactNode } from "react";

import styles from "./parts.module.css";

export function Example({ label, value }: { label: string; value: unknown }): ReactNode {
  return (
    // Whoever has no mouse scrolls it once it has the focus.
    <pre className={styles.example} tabIndex={0} role="region" aria-label={label}>
      {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
    </pre>
  );
}
