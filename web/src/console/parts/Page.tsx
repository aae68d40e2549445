/** A page of the console: its name, and what may be done on all of it. */
import type { ReactNode } from "react";

import styles from "./parts.module.css";

interface Told {
  title: string;
  /** Beside the heading. */
  extra?: ReactNode;
  children: ReactNode;
}

export function Page({ title, extra, children }: Told): ReactNode {
  return (
    <>
      <title>{`${title} · 工作台`}</title>
      <div className={styles.top}>
        <h1>{title}</h1>
        {extra}
      </div>
      {children}
    </>
  );
}
