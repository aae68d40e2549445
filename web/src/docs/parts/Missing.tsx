/** In place of an operation or event that the contract does not have, such as one of an older version. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import page from "../../shared/Thing.module.css";

export function Missing({ what }: { what: string }): ReactNode {
  return (
    <section className={page.thing}>
      <title>没有找到 · 接口与事件</title>
      <h1>没有这个{what}</h1>
      <p>当前版本里没有它。</p>
      <Link to="/">到目录查找</Link>
    </section>
  );
}
