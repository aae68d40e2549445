/** What stands around the pages about the contracts. */
import type { ReactNode } from "react";
import { Link, Outlet, ScrollRestoration } from "react-router";

import { Main, Offline, Skip } from "../shared/Around";
import { ASYNCAPI, OPENAPI } from "./contracts";
import styles from "./Frame.module.css";

export function Frame(): ReactNode {
  return (
    <>
      <Skip />
      <header className={styles.head}>
        <div className={styles.bar}>
          <Link to="/" className={styles.name}>
            <img src="/mark.svg" alt="" width={30} height={30} />
            <span>接口与事件</span>
          </Link>
          <nav aria-label="主导航" className={styles.nav}>
            <a href={OPENAPI}>OpenAPI</a>
            <a href={ASYNCAPI}>AsyncAPI</a>
            <a href="/">门户</a>
          </nav>
        </div>
      </header>
      <Offline />
      <Main className={styles.main}>
        <Outlet />
      </Main>
      <ScrollRestoration />
    </>
  );
}
