/** What a record was: all its states, each with what it changed, and the record as it stood at an instant. */
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";

import { api, Problem, type View } from "../../api/client";
import { time } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { VERDICTS } from "../batches/verdicts";
import { Missing } from "../missing/Missing";
import { useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { asPage, usePages } from "../parts/pages";
import parts from "../parts/parts.module.css";
import { Rows } from "../parts/Rows";
import { AsItStood } from "./AsItStood";
import { changesOf } from "./changes";

export type Version = View<"VersionView">;
export interface Place {
  jurisdiction: View<"Jurisdiction">;
  kind: View<"Kind">;
  source_id: string;
}

export function RecordPage(): ReactNode {
  const { jurisdiction = "", kind = "", sourceId = "" } = useParams();
  const place = { jurisdiction, kind, source_id: sourceId } as Place;
  const name = useNames();
  const found = usePages(["record-history", jurisdiction, kind, sourceId], (query, signal) =>
    asPage<Version>(
      api.GET("/api/v1/sync/records/{jurisdiction}/{kind}/{source_id}", {
        params: { path: place, query: { ...query, history: true } },
        signal,
      }),
    ),
  );
  if (found.error instanceof Problem && [404, 422].includes(found.error.status))
    return <Missing detail={found.error.detail} />;
  const states = found.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page title={states[0]?.title ?? "记录溯源"}>
      <p className={page.tags}>
        <Tag>{name("kinds", kind)}</Tag>
        <span>{name("jurisdictions", jurisdiction)}</span>
        <span>本市编号 {sourceId}</span>
      </p>
      <div className={parts.stack}>
        <TimeTravel place={place} />
        <section aria-label="历史版本" className={parts.stack}>
          <h2>历史版本</h2>
          <Rows
            of={found}
            id={({ version }) => String(version)}
            label="历史版本"
            nothing="没有可以查看的版本。"
            columns={[
              { title: "生效时间", of: (each) => <Instant at={each.at} /> },
              { title: "变动", of: ({ verdict }) => <Tag>{VERDICTS[verdict]}</Tag> },
              { title: "内容", of: (each) => <Changes of={each} states={states} /> },
              {
                title: "来源",
                of: (each) => (
                  <>
                    <Link to={`/batches/${each.batch_id}`}>{each.row === null ? "批次" : `批次第 ${each.row} 行`}</Link>
                    {each.approved_by && <Tag>经批准</Tag>}
                  </>
                ),
              },
            ]}
          />
        </section>
      </div>
    </Page>
  );
}

function Changes({ of: state, states }: { of: Version; states: Version[] }): ReactNode {
  const name = useNames();
  const before = states[states.indexOf(state) + 1];
  if (state.deleted) return "撤下";
  if (!before || before.deleted) return state.title;
  const changes = changesOf(before, state);
  if (!changes.length) return "内容未变";
  return (
    <ul>
      {changes.map(({ field, from, to }) => (
        <li key={field}>
          {name("row_fields", field)}：<bdi>{from}</bdi> → <bdi>{to}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** The instant stands in the address, so that a colleague sees the same. */
function TimeTravel({ place }: { place: Place }): ReactNode {
  const [at, setAt] = useFilter("at");
  const [typed, setTyped] = useState(at);
  return (
    <section aria-label="查看某一时点" className={parts.card}>
      <h2>查看某一时点</h2>
      <form
        className={parts.fields}
        onSubmit={(event) => {
          event.preventDefault();
          setAt(typed);
        }}
      >
        <label>
          <span>时点（北京时间）</span>
          <Input
            type="datetime-local"
            aria-label="时点（北京时间）"
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value);
            }}
          />
        </label>
        <Button htmlType="submit" disabled={!typed}>
          查看当时的内容
        </Button>
      </form>
      {at && <AsItStood place={place} at={new Date(`${at}+08:00`)} shown={time} />}
    </section>
  );
}
