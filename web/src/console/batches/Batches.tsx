/** What a city has pushed, the newest first. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { CityFilter, useCity } from "../parts/City";
import { Filters } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";

const LOOKED_EVERY_MS = 10_000;

export function Batches(): ReactNode {
  const name = useNames();
  const jurisdiction = useCity();
  const found = usePages(
    ["batches", jurisdiction],
    (page, signal) => api.GET("/api/v1/sync/batches", { params: { query: { ...page, jurisdiction } }, signal }),
    LOOKED_EVERY_MS,
  );
  return (
    <Page title="数据批次">
      <Filters>
        <CityFilter />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="批次"
        nothing="还没有推送过数据。推送办法见“推送密钥”。"
        columns={[
          {
            title: "内容",
            of: (each) => (
              <>
                <Link to={`/batches/${each.id}`}>{name("kinds", each.kind)}</Link>
                {each.dry_run && <>（试运行）</>}
              </>
            ),
          },
          { title: "状态", of: (each) => <Tag>{name("batch_states", each.state)}</Tag> },
          { title: "行数", of: (each) => number(each.rows), number: true },
          { title: "拒绝", of: (each) => number(each.counts.rejected ?? 0), number: true },
          { title: "提醒", of: (each) => number(each.warnings), number: true },
          { title: "推送时间", of: (each) => <Instant at={each.created_at} /> },
          { title: "完成时间", of: (each) => <Instant at={each.finished_at} /> },
        ]}
      />
    </Page>
  );
}
