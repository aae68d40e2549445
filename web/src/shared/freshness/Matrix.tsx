/** How old each kind of each city's data is: kinds down, cities across. What is stale says so in words, not by colour alone. */
import type { ReactNode } from "react";

import type { View } from "../../api/client";
import { number, time } from "../format";
import { useNames, useValues } from "../labels";
import styles from "./Matrix.module.css";

export type City = View<"SyncJurisdictionView">;
type List = City["kinds"][number];

const DAY_SECONDS = 86_400;

interface Told {
  cities: City[];
  label: string;
  /** What stands below a city's name. */
  below?: (city: City) => ReactNode;
}

export function Matrix({ cities, label, below }: Told): ReactNode {
  const name = useNames();
  const kinds = useValues("kinds").filter((kind) => cities.some((city) => listOf(city, kind)));
  return (
    // It is wider than a telephone, and pushed sideways by touch or by the arrow keys.
    <div className={styles.frame} role="region" aria-label={label} tabIndex={0}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">类别</th>
            {cities.map((city) => (
              <th key={city.jurisdiction} scope="col">
                {city.name}
                {below?.(city)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">{name("kinds", kind)}</th>
              {cities.map((city) => (
                <Cell key={city.jurisdiction} list={listOf(city, kind)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ list }: { list: List | undefined }): ReactNode {
  if (!list) return <td className={styles.none}>—</td>;
  const { age_seconds: age, last_batch_at: last, expected_days: days } = list;
  if (age == null || last == null) return <td className={styles.none}>无有效数据</td>;
  const told = [
    `${number(list.records)} 条`,
    `更新于 ${time(last)}`,
    `每 ${number(days)} 天应更新`,
    `上次拒收 ${number(100 * list.rejected_share)}%`,
  ];
  return (
    <td className={styles[toneOf(list)]} title={told.join("，")}>
      {age < DAY_SECONDS ? "今天" : `${number(Math.floor(age / DAY_SECONDS))} 天`}
      {list.stale && <small>断更</small>}
    </td>
  );
}

/** Stale; of the last third before it, ageing; fresh. */
export function toneOf({ age_seconds: age, expected_days: days, stale }: List): "stale" | "ageing" | "fresh" {
  if (stale || age == null) return "stale";
  return age > (days * DAY_SECONDS * 2) / 3 ? "ageing" : "fresh";
}

function listOf(city: City, kind: string): List | undefined {
  return city.kinds.find((each) => each.kind === kind);
}
