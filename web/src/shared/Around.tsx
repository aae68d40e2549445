/** What stands around the pages of every program: the way past the head, the page itself, what is on its way, being offline. */
import { onlineManager } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { useLocation } from "react-router";

import styles from "./Around.module.css";

export function Skip(): ReactNode {
  return (
    <a href="#main" className={styles.skip}>
      跳到正文
    </a>
  );
}

export function Main({ className, children }: { className: string | undefined; children: ReactNode }): ReactNode {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const came = useRef(pathname);
  useEffect(() => {
    // Who does not see the page change hears it: reading goes on at the new page, and not at the link that led there.
    if (came.current !== pathname) main.current?.focus({ preventScroll: true });
    came.current = pathname;
  }, [pathname]);
  return (
    <main id="main" ref={main} tabIndex={-1} className={className}>
      {children}
    </main>
  );
}

export function Coming(): ReactNode {
  return <div className={styles.coming} role="progressbar" aria-label="正在打开页面" />;
}

export function Offline(): ReactNode {
  const online = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  );
  return (
    <div role="status">
      {!online && <p className={styles.offline}>网络已断开。已打开的内容仍可查看，恢复后会自动继续。</p>}
    </div>
  );
}
