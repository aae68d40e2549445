/** What a city has pushed, the newest first. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api, type View } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { CityFilter, useCity } from "../parts/City";
import { Filter, Filters, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";

type State = View<"BatchView">["state"];
const STATES: State[] = ["open", "processing", "awaiting_approval", "applied", "verified", "failed", "discarded"];
const LOOKED_EVERY_MS = 10_000;

export function Batches(): ReactNode {
  const name = useNames();
  const jurisdiction = useCity();
  const [asked] = useFilter("state");
  const state = STATES.find((each) => each === asked) ?? null;
  const found = usePages(
    ["batches", jurisdiction, state],
    (page, signal) =>
      api.GET("/api/v1/sync/batches", {
        params: { query: { ...page, jurisdiction, ...(state && { state }) } },
        signal,
      }),
    LOOKED_EVERY_MS,
  );
  const choices = STATES.map((value) => ({ value, label: name("batch_states", value) }));
  return (
    <Page title="数据批次" extra={<Link to="/batches/upload">上传文件</Link>}>
      <Filters>
        <CityFilter />
        <Filter name="state" label="状态" choices={[{ value: "", label: "全部" }, ...choices]} />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="批次"
        nothing={state ? "没有符合条件的批次。" : "还没有推送过数据。可以上传文件，或用推送工具（见“推送密钥”）。"}
        columns={[
          {
            title: "内容",
            of: (each) => (
              <>
                <Link to={`/batches/${each.id}`}>{name("kinds", each.kind)}</Link>
                {each.dry_run && <>（试运行）</>} {each.file && <small>{each.file.name}</small>}
              </>
            ),
          },
          {
            title: "状态",
            of: ({ state: at }) => (
              <Tag tone={at === "awaiting_approval" ? "state" : "kind"}>{name("batch_states", at)}</Tag>
            ),
          },
          { title: "行数", of: (each) => number(each.rows), number: true },
          { title: "撤下", of: (each) => (each.mode === "snapshot" ? number(each.withdrawn) : "—"), number: true },
          { title: "拒绝", of: (each) => number(each.counts.rejected ?? 0), number: true },
          { title: "提醒", of: (each) => number(each.warnings), number: true },
          { title: "推送时间", of: (each) => <Instant at={each.created_at} /> },
          { title: "完成时间", of: (each) => <Instant at={each.finished_at} /> },
        ]}
      />
    </Page>
  );
}
