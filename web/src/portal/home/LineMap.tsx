/** 一图览全域 as a metro line: what each city shares, how fresh it is, and one tap to its own platform. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { answer, api, type View } from "../../api/client";
import { number, outside, relative, time } from "../../shared/format";
import { searchFor } from "../paths";
import { CROSSINGS, STATIONS } from "./line";
import styles from "./LineMap.module.css";

interface Shown {
  counts: View<"JurisdictionCountView">[];
}

export function LineMap({ counts }: Shown): ReactNode {
  const freshness = useQuery({
    queryKey: ["jurisdictions"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/sync/jurisdictions", { signal })),
  });
  const cities = new Map(freshness.data?.items.map((each) => [each.jurisdiction, each]));
  const total = counts.reduce((sum, each) => sum + each.count, 0);
  return (
    <section aria-labelledby="line" className={styles.section}>
      <h2 id="line">一图览全域</h2>
      <p className={styles.total}>
        八地共 <strong>{number(total)}</strong> 条，点站名看当地全部内容
      </p>
      <p className={styles.total}>
        <Link to="/freshness">各市各类数据的更新情况</Link>
      </p>
      <div className={styles.map}>
        <Drawing />
        <ol>
          {STATIONS.map(({ city, at, bank }) => {
            const shown = counts.find((each) => each.jurisdiction === city);
            return (
              <li key={city} className={bank === "north" ? styles.north : styles.south} style={{ left: `${at}%` }}>
                <span className={styles.dot} aria-hidden="true" />
                <div>
                  <h3>
                    <Link to={searchFor("jurisdiction", city)}>{shown?.name ?? city}</Link>
                    {bank === "north" && <small>江北</small>}
                  </h3>
                  <p className={styles.count}>
                    <strong>{number(shown?.count ?? 0)}</strong> 条
                  </p>
                  <Freshness of={cities.get(city)} known={freshness.isSuccess} />
                  <OwnPlatform address={cities.get(city)?.portal_url ?? shown?.portal_url} />
                </div>
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}

function Freshness({ of, known }: { of: View<"SyncJurisdictionView"> | undefined; known: boolean }): ReactNode {
  if (!known) return <p className={styles.fresh}> </p>;
  const times = of?.kinds.flatMap((each) => each.last_batch_at ?? []) ?? [];
  const latest = times.sort().at(-1);
  if (!latest) return <p className={styles.fresh}>尚未推送数据</p>;
  const stale = of?.kinds.filter((each) => each.stale).length ?? 0;
  return (
    <p className={stale ? styles.stale : styles.fresh}>
      <time dateTime={latest} title={time(latest)}>
        {relative(latest)}更新
      </time>
      {stale > 0 && `，${number(stale)} 类久未更新`}
    </p>
  );
}

function OwnPlatform({ address }: { address: string | null | undefined }): ReactNode {
  const url = outside(address);
  if (!url) return null;
  return (
    <a className={styles.platform} href={url} target="_blank" rel="noopener noreferrer">
      城市平台 ↗
    </a>
  );
}

function Drawing(): ReactNode {
  return (
    <svg className={styles.drawing} viewBox="0 0 1000 360" preserveAspectRatio="none" aria-hidden="true">
      <path className={styles.river} d="M-20 196C120 132 250 128 390 158S640 196 760 168S940 176 1020 214" />
      {CROSSINGS.map(({ from, to }) => (
        <line key={from} className={styles.crossing} x1={from * 10} y1={110} x2={to * 10} y2={238} />
      ))}
      <line className={styles.line} x1={80} y1={238} x2={920} y2={238} />
    </svg>
  );
}
