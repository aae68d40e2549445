/** The start page: search, the line with its eight stations, the newest challenges, the six boards. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { answer, api } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { relative, time } from "../../shared/format";
import { SearchBox } from "../SearchBox";
import { Boards } from "./Boards";
import styles from "./Home.module.css";
import { LatestChallenges } from "./LatestChallenges";
import { LineMap } from "./LineMap";

export function Home(): ReactNode {
  const home = useQuery({
    queryKey: ["home"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/search/home", { signal })),
  });
  return (
    <>
      <title>沿沪宁协同创新集市</title>
      <section className={styles.hero}>
        <h1>八地资源一处查，揭榜挂帅一网办</h1>
        <p>普陀与南京、无锡、常州、苏州、南通、镇江、泰州共享创新资源、技术需求与合作机会</p>
        <div className={styles.search}>
          <SearchBox large />
        </div>
      </section>
      <Answer of={home} outline={<Outline lines={14} />}>
        {({ jurisdictions, challenges, boards, as_of }) => (
          <>
            <LineMap counts={jurisdictions} />
            <LatestChallenges challenges={challenges} />
            <Boards boards={boards} />
            {as_of && (
              <p className={styles.fresh}>
                数据更新于 <time dateTime={as_of}>{time(as_of)}</time>（{relative(as_of)}）
              </p>
            )}
          </>
        )}
      </Answer>
    </>
  );
}
