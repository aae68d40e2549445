/** How old each kind of a city's data is, what of it is stale, and how much was rejected last time. */
import type { ReactNode } from "react";

import { Answer, Outline } from "../../shared/Answer";
import type { City } from "../../shared/freshness/Matrix";
import { useFreshness } from "../../shared/freshness/queries";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { citiesOf, holds } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Tag } from "../../shared/Tag";
import { Instant } from "../parts/Instant";
import { Plain } from "../parts/Rows";
import styles from "./Workbench.module.css";

export function Freshness(): ReactNode {
  const user = useUser();
  const cities = citiesOf(user);
  const all = holds(user, "alliance_operator");
  const found = useFreshness();
  if (!all && !cities.length) return null;
  return (
    <Answer of={found} outline={<Outline lines={6} />}>
      {({ items }) =>
        items
          .filter((each) => all || cities.includes(each.jurisdiction))
          .map((each) => <OfCity key={each.jurisdiction} city={each} />)
      }
    </Answer>
  );
}

function OfCity({ city }: { city: City }): ReactNode {
  const name = useNames();
  const lists = city.kinds.filter((each) => each.last_batch_at !== null);
  const title = `${name("jurisdictions", city.jurisdiction)}的数据`;
  return (
    <section aria-label={title} className={styles.data}>
      <h2>{title}</h2>
      {lists.length === 0 ? (
        <p>还没有推送过数据。</p>
      ) : (
        <Plain
          items={lists}
          id={({ kind }) => kind}
          label={title}
          columns={[
            { title: "内容", of: ({ kind }) => name("kinds", kind) },
            { title: "记录", of: ({ records }) => number(records), number: true },
            { title: "最近更新", of: (each) => <Instant at={each.last_batch_at} /> },
            { title: "新鲜度", of: ({ stale }) => (stale ? <Tag tone="state">断更</Tag> : <Tag>新鲜</Tag>) },
            { title: "上次拒绝", of: (each) => `${number(100 * each.rejected_share)}%`, number: true },
          ]}
        />
      )}
    </section>
  );
}
