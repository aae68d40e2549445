/** 404: an address without a page, or something that is not there (any more). */
import type { ReactNode } from "react";
import { Link } from "react-router";

import styles from "./Missing.module.css";

interface Told {
  /** In the API's own words, where the API was asked. */
  detail?: string;
}

export function Missing({ detail = "这个地址没有页面，请核对后重试。" }: Told): ReactNode {
  return (
    <section className={styles.missing}>
      <title>没有找到 · 沿沪宁协同创新集市</title>
      <p className={styles.code} aria-hidden="true">
        404
      </p>
      <h1>没有找到</h1>
      <p>{detail}</p>
      <p className={styles.ways}>
        <Link to="/">返回首页</Link>
        <Link to="/search">去搜索</Link>
      </p>
    </section>
  );
}
