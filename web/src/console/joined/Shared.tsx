/** One organisation across cities: its names, codes and records, and the merges of its codes. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Descriptions, Input } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { holds } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import page from "../../shared/Thing.module.css";
import { useWrite } from "../../shared/writing";
import { Missing } from "../missing/Missing";
import { Act } from "../parts/Act";
import { Instant } from "../parts/Instant";
import { usePages } from "../parts/pages";
import parts from "../parts/parts.module.css";
import { Plain, Rows } from "../parts/Rows";
import { pathOf } from "../records/paths";
import { MERGES } from "./Joined";

type Body = View<"SharedOrganizationView">;

export function Shared(): ReactNode {
  const { creditCode = "" } = useParams();
  const path = { credit_code: creditCode };
  const found = useQuery({
    queryKey: ["shared-organization", creditCode],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/sync/organizations/{credit_code}", { params: { path }, signal })),
  });
  if (found.error instanceof Problem && [404, 422].includes(found.error.status))
    return <Missing detail="没有记录使用这个统一社会信用代码。" />;
  return (
    <Answer of={found} outline={<Outline lines={10} />}>
      {(body) => <Shown organization={body} asked={creditCode} />}
    </Answer>
  );
}

function Shown({ organization: it, asked }: { organization: Body; asked: string }): ReactNode {
  const name = useNames();
  const counted = (items: { label: string; records: number }[]): string =>
    items.map(({ label, records }) => `${label}（${number(records)}）`).join("、");
  const user = useUser();
  const mayJoin = holds(user, "city_operator") || holds(user, "alliance_operator");
  const cities = it.jurisdictions.map((each) => ({ ...each, label: name("jurisdictions", each.jurisdiction) }));
  const kinds = it.kinds.map((each) => ({ ...each, label: name("kinds", each.kind) }));
  return (
    <div className={parts.stack}>
      <article className={page.thing}>
        <title>{`${it.name.slice(0, 60)} · 机构归并`}</title>
        <h1>{it.name}</h1>
        <Descriptions
          bordered
          size="small"
          column={1}
          className={page.facts ?? ""}
          items={[
            { key: "code", label: "统一社会信用代码", children: it.credit_code },
            { key: "names", label: "各市所用名称", children: counted(it.names.map((n) => ({ ...n, label: n.name }))) },
            { key: "cities", label: "地区", children: counted(cities) },
            { key: "kinds", label: "类别", children: counted(kinds) },
          ]}
        />
        {mayJoin && <Merge organization={it} asked={asked} />}
      </article>
      <Codes organization={it} asked={asked} mayPart={mayJoin} />
      <Records code={it.credit_code} asked={asked} />
      {it.history.length > 0 && <History acts={it.history} />}
    </div>
  );
}

function useJoined(asked: string) {
  const client = useQueryClient();
  return (body: Body): void => {
    client.setQueryData(["shared-organization", asked], body);
    void client.invalidateQueries({ queryKey: MERGES });
    void client.invalidateQueries({ queryKey: ["shared-records"] });
  };
}

function Merge({ organization: it, asked }: { organization: Body; asked: string }): ReactNode {
  const [into, setInto] = useState("");
  const merge = useWrite(
    (reason: string, header) =>
      api.POST("/api/v1/sync/organizations/{credit_code}/merge", {
        params: { path: { credit_code: it.credit_code }, header },
        body: { into: into.trim(), reason },
      }),
    useJoined(asked),
  );
  return (
    <div className={parts.fields}>
      <label>
        <span>并入另一个统一社会信用代码</span>
        <Input
          aria-label="并入另一个统一社会信用代码"
          maxLength={40}
          value={into}
          onChange={({ target }) => {
            setInto(target.value);
          }}
        />
      </label>
      <Act
        name="并入"
        reason="required"
        write={merge}
        disabled={!into.trim()}
        question={`“${it.name}”（${it.credit_code}）并入 ${into.trim()} 后，两者显示为同一机构，以后者的名称和代码为准。可以撤销。`}
      />
    </div>
  );
}

function Codes({
  organization: it,
  asked,
  mayPart,
}: {
  organization: Body;
  asked: string;
  mayPart: boolean;
}): ReactNode {
  if (it.codes.length < 2) return null;
  return (
    <section aria-label="代码" className={parts.stack}>
      <h2>代码</h2>
      <Plain
        items={it.codes}
        id={({ credit_code: code }) => code}
        label="代码"
        columns={[
          { title: "代码", of: ({ credit_code: code }) => code },
          { title: "记录", of: ({ records }) => number(records), number: true },
          { title: "并入", of: ({ into }) => into ?? "—" },
          {
            title: "操作",
            of: ({ credit_code: code, into }) => (mayPart && into ? <Unmerge code={code} asked={asked} /> : "—"),
          },
        ]}
      />
    </section>
  );
}

function Unmerge({ code, asked }: { code: string; asked: string }): ReactNode {
  const client = useQueryClient();
  const done = useJoined(asked);
  const unmerge = useWrite(
    (reason: string, header) =>
      api.POST("/api/v1/sync/organizations/{credit_code}/unmerge", {
        params: { path: { credit_code: code }, header },
        body: { reason },
      }),
    (body) => {
      // What is answered is the code that was parted; the page may show the other.
      if (code === asked) done(body);
      else void client.invalidateQueries({ queryKey: ["shared-organization", asked] });
      void client.invalidateQueries({ queryKey: MERGES });
      void client.invalidateQueries({ queryKey: ["shared-records"] });
    },
  );
  return <Act name="撤销归并" danger reason="required" write={unmerge} question={`${code} 将重新成为独立的机构。`} />;
}

function Records({ code, asked }: { code: string; asked: string }): ReactNode {
  const name = useNames();
  const found = usePages(["shared-records", code, asked], (query, signal) =>
    api.GET("/api/v1/sync/organizations/{credit_code}/records", {
      params: { path: { credit_code: code }, query },
      signal,
    }),
  );
  return (
    <section aria-label="记录" className={parts.stack}>
      <h2>记录</h2>
      <Rows
        of={found}
        id={(each) => `${each.jurisdiction}/${each.kind}/${each.source_id}`}
        label="记录"
        nothing="没有记录。"
        columns={[
          {
            title: "标题",
            of: (each) => <Link to={pathOf(`${each.jurisdiction}/${each.kind}/${each.source_id}`)}>{each.title}</Link>,
          },
          { title: "所用名称", of: ({ organization }) => organization?.name ?? "—" },
          { title: "类别", of: ({ kind }) => name("kinds", kind) },
          { title: "地区", of: ({ jurisdiction }) => name("jurisdictions", jurisdiction) },
        ]}
      />
    </section>
  );
}

const ACTS = { merge: "归并", unmerge: "撤销归并" };

function History({ acts }: { acts: Body["history"] }): ReactNode {
  return (
    <section aria-label="归并历史" className={parts.stack}>
      <h2>归并历史</h2>
      <Plain
        items={acts}
        id={(each) => `${each.credit_code}${each.at}${each.action}`}
        label="归并历史"
        columns={[
          { title: "时间", of: ({ at }) => <Instant at={at} /> },
          { title: "操作", of: ({ action }) => ACTS[action] },
          { title: "代码", of: ({ credit_code: code }) => code },
          { title: "另一代码", of: ({ into }) => into },
          { title: "理由", of: ({ reason }) => reason },
        ]}
      />
    </section>
  );
}
