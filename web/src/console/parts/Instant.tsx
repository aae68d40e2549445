/** An instant as people read it, with how long ago it was. */
import type { ReactNode } from "react";

import { relative, time } from "../../shared/format";
import styles from "./parts.module.css";

export function Instant({ at }: { at: string | null | undefined }): ReactNode {
  if (!at) return "—";
  return (
    <>
      <time dateTime={at}>{time(at)}</time> <small className={styles.quiet}>{relative(at)}</small>
    </>
  );
}
