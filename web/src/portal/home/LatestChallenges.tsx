/** Challenges that can be claimed now: how many, what they pay together, and the newest. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { View } from "../../api/client";
import { day, money, number, relative } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { pathOf, searchFor } from "../paths";
import styles from "./Home.module.css";

export function LatestChallenges({ challenges }: { challenges: View<"OpenChallengesView"> }): ReactNode {
  const name = useNames();
  return (
    <section aria-labelledby="challenges" className={styles.section}>
      <div className={styles.heading}>
        <h2 id="challenges">最新榜单</h2>
        <p>
          <strong>{number(challenges.open)}</strong> 个正在揭榜，榜金合计{" "}
          <strong>{money(challenges.reward_fen)}</strong>
        </p>
        <Link to={searchFor("type", "challenge")}>全部榜单</Link>
      </div>
      {challenges.latest.length === 0 && <p className={styles.empty}>现在没有可揭的榜，新榜发布后显示在这里。</p>}
      <ul className={styles.challenges}>
        {challenges.latest.map((item) => (
          <li key={item.id} className={styles.card}>
            <h3>
              <Link to={pathOf(item)} className={styles.title}>
                {item.title}
              </Link>
            </h3>
            <p className={styles.who}>
              {name("jurisdictions", item.jurisdiction)}
              {item.organization && ` · ${item.organization.name}`}
            </p>
            <p className={styles.terms}>
              {item.reward_fen !== null && <strong>{money(item.reward_fen)}</strong>}
              {item.deadline && (
                <span>
                  截止 {day(item.deadline)}（{relative(item.deadline)}）
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
