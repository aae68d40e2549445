/** One thing that was found, with the words that met the search marked. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { View } from "../../api/client";
import { day, money, relative } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Marked, plain } from "../../shared/Marked";
import { Tag } from "../../shared/Tag";
import { pathOf } from "../paths";
import styles from "./Search.module.css";

export function Found({ item }: { item: View<"FoundView"> }): ReactNode {
  const name = useNames();
  // The API marks one passage of title, summary and so on: where it is the title's, the title shows it.
  const inTitle = item.highlight !== null && item.title.includes(plain(item.highlight));
  const whole = inTitle && item.highlight !== null && plain(item.highlight) === item.title;
  return (
    <li className={styles.item}>
      <h2>
        <Link to={pathOf(item)}>{whole ? <Marked text={item.highlight ?? ""} /> : item.title}</Link>
      </h2>
      {item.highlight && !whole ? (
        <p className={styles.text}>
          <Marked text={item.highlight} />
        </p>
      ) : (
        item.summary && <p className={styles.text}>{item.summary}</p>
      )}
      <p className={styles.facts}>
        <Tag>{item.type === "challenge" ? name("item_types", item.type) : name("kinds", item.kind ?? "")}</Tag>
        {item.status && <Tag tone="state">{name("states", item.status)}</Tag>}
        <span>{name("jurisdictions", item.jurisdiction)}</span>
        {item.organization && item.organization.name !== item.title && <bdi>{item.organization.name}</bdi>}
        {item.reward_fen !== null && <strong>{money(item.reward_fen)}</strong>}
        {item.deadline && (
          <span>
            截止 {day(item.deadline)}（{relative(item.deadline)}）
          </span>
        )}
      </p>
    </li>
  );
}
