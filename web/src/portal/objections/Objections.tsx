/** One's own objections, with what the cities answered. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { Answer, Outline } from "../../shared/Answer";
import { More } from "../../shared/More";
import { Mine } from "../mine/Mine";
import { pathOf } from "../paths";
import { ObjectionState } from "./ObjectionState";
import styles from "./Objections.module.css";
import { useOwnObjections } from "./queries";

export function Objections(): ReactNode {
  return (
    <Mine>
      <title>我的异议 · 沿沪宁协同创新集市</title>
      <h1>我的异议</h1>
      <p className={styles.quiet}>发现内容有误时，可以在内容页“对此数据提出异议”。发布城市答复后会告诉您。</p>
      <List />
    </Mine>
  );
}

function List(): ReactNode {
  const list = useOwnObjections();
  return (
    <Answer of={list} outline={<Outline lines={8} />}>
      {({ pages }) =>
        pages[0]?.items.length ? (
          <>
            <ul className={styles.list} aria-label="我的异议">
              {pages.flatMap((page) =>
                page.items.map((each) => (
                  <li key={each.id}>
                    <h2>
                      <Link to={pathOf({ type: "record", id: each.record_id })}>{each.title}</Link>
                    </h2>
                    <ObjectionState of={each} />
                  </li>
                )),
              )}
            </ul>
            <More of={list} />
          </>
        ) : (
          <p className={styles.nothing}>还没有提出过异议。</p>
        )
      }
    </Answer>
  );
}
