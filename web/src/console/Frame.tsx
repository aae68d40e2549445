/** What stands around every page of the console: the head, the sections by role, the page, for operators who are logged in. */
import { type ReactNode, useState } from "react";
import { NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";

import { Antd } from "../shared/Antd";
import { Coming, Main, Offline, Skip } from "../shared/Around";
import { useNames } from "../shared/labels";
import { citiesOf, holds, operates } from "../shared/session/roles";
import type { User } from "../shared/session/session";
import { Signed } from "../shared/session/Signed";
import { useSession, useUser } from "../shared/session/useSession";
import styles from "./Frame.module.css";
import { Missing } from "./missing/Missing";
import { opens, sectionsOf } from "./sections";

export function Frame(): ReactNode {
  const standing = useSession();
  const { state } = useNavigation();
  return (
    <Antd>
      <Skip />
      <header className={styles.head}>
        <a href="/" className={styles.name}>
          <img src="/mark.svg" alt="" width={30} height={30} />
          <span>沿沪宁协同创新集市</span>
        </a>
        {standing.is === "in" && <Who user={standing.user} />}
        {state === "loading" && <Coming />}
      </header>
      <Offline />
      <div className={styles.sides}>
        {standing.is === "in" && <Sections user={standing.user} />}
        <Main className={styles.main}>
          <Signed>
            <ForOperators />
          </Signed>
        </Main>
      </div>
      <ScrollRestoration />
    </Antd>
  );
}

function ForOperators(): ReactNode {
  const { pathname } = useLocation();
  const user = useUser();
  if (operates(user) && !opens(user, pathname))
    return <Missing detail="您的角色没有这个页面；如有需要，请联系联盟运营人员。" />;
  if (operates(user) || pathname === "/account") return <Outlet />;
  return (
    <div className={styles.none}>
      <h1>这里是运营人员的工作台</h1>
      <p>
        您的账号没有运营角色。如需开通，请联系联盟运营人员；查找资源、发榜和揭榜请到<a href="/">门户</a>。
      </p>
    </div>
  );
}

/** For whom somebody works here, and the way to their account. */
function Who({ user }: { user: User }): ReactNode {
  const name = useNames();
  const cities = citiesOf(user).map((city) => name("jurisdictions", city));
  const duties = [
    ...cities,
    holds(user, "alliance_operator") && name("roles", "alliance_operator"),
    holds(user, "auditor") && name("roles", "auditor"),
  ].filter(Boolean);
  return (
    <p className={styles.who}>
      <span>{duties.join("、")}</span>
      <NavLink to="/account">我的账号</NavLink>
    </p>
  );
}

function Sections({ user }: { user: User }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <nav aria-label="主导航" className={open ? styles.nav : styles.closed}>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {open ? "收起菜单" : "菜单"}
      </button>
      <ul>
        {sectionsOf(user).map(({ path, title }) => (
          <li key={path}>
            <NavLink
              to={path}
              end={path === "/"}
              onClick={() => {
                setOpen(false);
              }}
            >
              {title}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
