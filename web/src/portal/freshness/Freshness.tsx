/** How fresh the data of every city are, kind by kind. */
import type { ReactNode } from "react";

import { Answer, Outline } from "../../shared/Answer";
import { Matrix } from "../../shared/freshness/Matrix";
import { useFreshness } from "../../shared/freshness/queries";
import styles from "../searches/Searches.module.css";

export function Freshness(): ReactNode {
  const found = useFreshness();
  return (
    <>
      <title>数据更新情况 · 沿沪宁协同创新集市</title>
      <h1>数据更新情况</h1>
      <p className={styles.quiet}>各市各类数据距最近一次更新的天数；超过约定周期的标为“断更”。</p>
      <Answer of={found} outline={<Outline lines={12} />}>
        {({ items }) => <Matrix cities={items} label="各市各类数据的更新情况" />}
      </Answer>
    </>
  );
}
