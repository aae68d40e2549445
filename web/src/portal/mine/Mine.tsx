/** What is one's own, for whoever is logged in: the pages beside each other. */
import type { ReactNode } from "react";
import { NavLink } from "react-router";

import { Antd } from "../../shared/Antd";
import { Signed } from "../../shared/session/Signed";
import styles from "./Mine.module.css";

const PAGES = [
  ["/inbox", "消息"],
  ["/searches", "已存搜索"],
  ["/objections", "我的异议"],
  ["/notifications", "通知设置"],
  ["/account", "我的账号"],
] as const;

export function Mine({ children }: { children: ReactNode }): ReactNode {
  return (
    <Signed>
      <nav aria-label="我的" className={styles.pages}>
        {PAGES.map(([path, name]) => (
          <NavLink key={path} to={path}>
            {name}
          </NavLink>
        ))}
      </nav>
      <Antd>{children}</Antd>
    </Signed>
  );
}
