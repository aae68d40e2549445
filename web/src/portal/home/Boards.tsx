/** 六大板块: how much each board holds, and its newest. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { View } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { pathOf, searchFor } from "../paths";
import styles from "./Home.module.css";

export function Boards({ boards }: { boards: View<"BoardView">[] }): ReactNode {
  const name = useNames();
  return (
    <section aria-labelledby="boards" className={styles.section}>
      <h2 id="boards">六大板块</h2>
      <div className={styles.boards}>
        {boards.map((board) => (
          <article key={board.board} className={styles.card}>
            <h3>
              <Link to={searchFor("board", board.board)}>{board.name}</Link>
              <span className={styles.number}>{number(board.count)} 条</span>
            </h3>
            {board.latest.length === 0 && <p className={styles.empty}>暂无内容，城市推送后显示在这里。</p>}
            <ul>
              {board.latest.map((item) => (
                <li key={item.id} className={styles.row}>
                  <Link to={pathOf(item)} className={styles.title}>
                    {item.title}
                  </Link>
                  <span className={styles.city}>{name("jurisdictions", item.jurisdiction)}</span>
                </li>
              ))}
            </ul>
          </article>
        ))}
      </div>
    </section>
  );
}
