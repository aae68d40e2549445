/** One objection, and the city's answer to it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";

import { answer, api, Problem } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { useNames } from "../../shared/labels";
import { behalfOf, type Objection, OBJECTIONS } from "../../shared/objections";
import { citiesOf } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { seen, useWrite } from "../../shared/writing";
import { Missing } from "../missing/Missing";
import { Act } from "../parts/Act";
import { Changed, type Refused } from "../parts/Changed";
import { Instant } from "../parts/Instant";
import parts from "../parts/parts.module.css";
import { pathOf } from "../records/paths";
import { StateTag } from "./Objections";

export function ObjectionPage(): ReactNode {
  const { objectionId = "" } = useParams();
  const found = useQuery({
    queryKey: ["objection", objectionId],
    queryFn: ({ signal }) => asked(objectionId, { signal }),
  });
  if (found.error instanceof Problem && found.error.status === 404) return <Missing detail={found.error.detail} />;
  return (
    <Answer of={found} outline={<Outline lines={10} />}>
      {(body) => <Shown objection={body} />}
    </Answer>
  );
}

function Shown({ objection: it }: { objection: Objection }): ReactNode {
  const name = useNames();
  const own = citiesOf(useUser()).includes(it.jurisdiction);
  const from = it.from_jurisdiction ? `（${name("jurisdictions", it.from_jurisdiction)}）` : "";
  const contact = [it.contact?.name, it.contact?.phone].filter(Boolean).join("，");
  return (
    <article className={page.thing}>
      <title>{`${it.title.slice(0, 60)} · 数据异议`}</title>
      <p className={page.tags}>
        <StateTag of={it} />
        <Tag>{name("kinds", it.kind)}</Tag>
        <span>{name("jurisdictions", it.jurisdiction)}</span>
      </p>
      <h1>{it.title}</h1>
      <h2>异议内容</h2>
      <p className={page.text}>{it.statement}</p>
      <Descriptions
        bordered
        size="small"
        column={1}
        className={page.facts ?? ""}
        items={[
          { key: "by", label: "提出者", children: `${behalfOf(it)}${from}` },
          { key: "contact", label: "联系方式", children: contact || "—" },
          { key: "opened", label: "提出时间", children: <Instant at={it.opened_at} /> },
          { key: "answered", label: "答复时间", children: <Instant at={it.answered_at} /> },
          ...(it.reason ? [{ key: "reason", label: "答复", children: it.reason }] : []),
        ]}
      />
      <p>
        <Link to={pathOf(it.record_id)}>查看该记录及其历史</Link>
      </p>
      {own && it.state === "open" && <Answers objection={it} />}
    </article>
  );
}

function Answers({ objection: it }: { objection: Objection }): ReactNode {
  const corrected = useAnswer(it, "corrected");
  const refused = useAnswer(it, "refused");
  return (
    <p className={parts.buttons}>
      <Act
        name="已更正"
        primary
        reason="optional"
        write={corrected}
        question="请先推送更正后的数据，再作答复。提出异议的人会收到通知。"
      >
        <ChangedObjection objection={it} write={corrected} />
      </Act>
      <Act
        name="不予更正"
        danger
        reason="required"
        write={refused}
        question="请说明不予更正的原因，提出异议的人会看到。"
      >
        <ChangedObjection objection={it} write={refused} />
      </Act>
    </p>
  );
}

/** A colleague has answered it meanwhile. */
function ChangedObjection({ objection: it, write }: { objection: Objection; write: Refused }): ReactNode {
  const name = useNames();
  return (
    <Changed
      of={["objection", it.id]}
      mine={it}
      write={write}
      ask={() => asked(it.id)}
      fields={[
        { label: "状态", of: ({ state }) => name("objection_states", state) },
        { label: "答复", of: ({ reason }) => reason ?? "" },
      ]}
    />
  );
}

function useAnswer(it: Objection, outcome: "corrected" | "refused") {
  const client = useQueryClient();
  return useWrite(
    (reason: string, header) =>
      api.POST("/api/v1/sync/objections/{objection_id}/answer", {
        params: { path: { objection_id: it.id }, header: { ...header, ...seen(it.version) } },
        body: { outcome, reason: reason || null },
      }),
    (body) => {
      client.setQueryData(["objection", it.id], body);
      void client.invalidateQueries({ queryKey: OBJECTIONS });
    },
  );
}

function asked(objectionId: string, how: { signal?: AbortSignal } = {}): Promise<Objection> {
  const params = { path: { objection_id: objectionId } };
  return answer(api.GET("/api/v1/sync/objections/{objection_id}", { params, ...how }));
}
