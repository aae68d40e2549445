/** How an objection of one's own stands: what was said, and what the city answered. */
import type { ReactNode } from "react";

import { day } from "../../shared/format";
import { useNames } from "../../shared/labels";
import type { Objection } from "../../shared/objections";
import { Tag } from "../../shared/Tag";
import styles from "./Objections.module.css";

export function ObjectionState({ of: it }: { of: Objection }): ReactNode {
  const name = useNames();
  return (
    <div className={styles.state}>
      <p className={styles.facts}>
        <Tag tone={it.state === "open" ? "state" : "kind"}>{name("objection_states", it.state)}</Tag>
        <span>您于 {day(it.opened_at)} 提出异议</span>
        {it.answered_at && <span>{day(it.answered_at)} 答复</span>}
      </p>
      <p className={styles.text}>{it.statement}</p>
      {it.reason && (
        <p className={styles.text}>
          {name("jurisdictions", it.jurisdiction)}答复：{it.reason}
        </p>
      )}
    </div>
  );
}
