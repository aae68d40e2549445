/** What stands around every page: the head with the search box, the page, the foot. */
import { onlineManager } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { Link, Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";

import styles from "./Frame.module.css";
import { SearchBox } from "./SearchBox";

export function Frame(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const came = useRef(pathname);
  useEffect(() => {
    // Who does not see the page change hears it: reading goes on at the new page, and not at the link that led there.
    if (came.current !== pathname) main.current?.focus({ preventScroll: true });
    came.current = pathname;
  }, [pathname]);
  return (
    <>
      <a href="#main" className={styles.skip}>
        跳到正文
      </a>
      <header className={styles.head}>
        <div className={styles.bar}>
          <Link to="/" className={styles.name}>
            <img src="/mark.svg" alt="" width={34} height={34} />
            <span>沿沪宁协同创新集市</span>
          </Link>
          {pathname !== "/" && (
            <div className={styles.box}>
              <SearchBox />
            </div>
          )}
          <nav aria-label="主导航" className={styles.nav}>
            <Link to="/search?type=challenge">揭榜挂帅</Link>
            <Link to="/search">资源与需求</Link>
          </nav>
        </div>
        {state === "loading" && <div className={styles.coming} role="progressbar" aria-label="正在打开页面" />}
      </header>
      <Offline />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <footer className={styles.foot}>
        <p>上海普陀 · 南京 · 无锡 · 常州 · 苏州 · 南通 · 镇江 · 泰州</p>
        <p>
          手机上请使用微信小程序“沿沪宁协同创新集市”。开发者可查看 <a href="/api/v1/openapi.json">接口说明</a>。
        </p>
      </footer>
      <ScrollRestoration />
    </>
  );
}

function Offline(): ReactNode {
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
