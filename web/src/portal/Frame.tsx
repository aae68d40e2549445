/** What stands around every page: the head with the search box, the page, the foot. */
import type { ReactNode } from "react";
import { Link, Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";

import { Coming, Main, Offline, Skip } from "../shared/Around";
import { number } from "../shared/format";
import { loginFrom } from "../shared/session/next";
import { operates } from "../shared/session/roles";
import { useSession } from "../shared/session/useSession";
import styles from "./Frame.module.css";
import { useNewest } from "./inbox/queries";
import { SearchBox } from "./SearchBox";

export function Frame(): ReactNode {
  const { pathname } = useLocation();
  const { state } = useNavigation();
  return (
    <>
      <Skip />
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
            <Entrance />
          </nav>
        </div>
        {state === "loading" && <Coming />}
      </header>
      <Offline />
      <Main className={styles.main}>
        <Outlet />
      </Main>
      <footer className={styles.foot}>
        <p>上海普陀 · 南京 · 无锡 · 常州 · 苏州 · 南通 · 镇江 · 泰州</p>
        <p>
          手机上请使用微信小程序“沿沪宁协同创新集市”。开发者可查看<a href="/docs/">接口与事件</a>。
        </p>
      </footer>
      <ScrollRestoration />
    </>
  );
}

/** The way to one's messages, with how many nobody has read. */
function Messages(): ReactNode {
  const unread = useNewest().data?.unread ?? 0;
  return (
    <Link to="/inbox" aria-label={unread > 0 ? `消息，${number(unread)} 条未读` : "消息"}>
      消息{unread > 0 && <span className={styles.unread}>{unread > 99 ? "99+" : unread}</span>}
    </Link>
  );
}

/** The way in, or to what is one's own. */
function Entrance(): ReactNode {
  const standing = useSession();
  const here = useLocation();
  if (standing.is === "in")
    return (
      <>
        {operates(standing.user) && <a href="/console/">工作台</a>}
        <Messages />
        <Link to="/account">我的账号</Link>
      </>
    );
  // Who is looking at the login page finds no second way there.
  return here.pathname !== "/login" && <Link to={loginFrom(here)}>登录</Link>;
}
