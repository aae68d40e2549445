/** An address of the console that leads nowhere. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import page from "../../shared/Thing.module.css";

export function Missing({ detail = "没有找到您要的内容，请核对地址。" }: { detail?: string }): ReactNode {
  return (
    <section className={page.thing}>
      <title>没有找到 · 工作台</title>
      <h1>没有找到</h1>
      <p>{detail}</p>
      <Link to="/">回到工作台</Link>
    </section>
  );
}
