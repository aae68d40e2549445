/** One challenge as its city reviews it: all of its fields, what was asked for last time, and what can be done now. */
import { useQuery } from "@tanstack/react-query";
import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { money, number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { Missing } from "../missing/Missing";
import { Instant } from "../parts/Instant";
import parts from "../parts/parts.module.css";
import { Plain } from "../parts/Rows";
import { Decision } from "./Decision";
import { fieldName } from "./fields";

type Body = View<"ChallengeView">;
type Names = ReturnType<typeof useNames>;

export function Review(): ReactNode {
  const { challengeId = "" } = useParams();
  const found = useQuery({
    queryKey: ["challenge", challengeId],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/challenges/{challenge_id}", { params: { path: { challenge_id: challengeId } }, signal })),
    // What is being read for a decision does not change under one's eyes: a change is said when deciding (412).
    staleTime: Infinity,
    refetchOnReconnect: false,
  });
  if (found.error instanceof Problem && [404, 422].includes(found.error.status))
    return <Missing detail={found.error.detail} />;
  return (
    <Answer of={found} outline={<Outline lines={14} />}>
      {(body) => <Shown challenge={body} />}
    </Answer>
  );
}

function Shown({ challenge: it }: { challenge: Body }): ReactNode {
  const name = useNames();
  return (
    <article className={page.thing}>
      <title>{`${it.title.slice(0, 60)} · 榜单审核`}</title>
      <p className={page.tags}>
        <Tag tone="state">{name("states", it.state)}</Tag>
        <Tag>{name("modes", it.mode)}</Tag>
        <bdi>{it.organization.name}</bdi>
        <span>
          提交于 <Instant at={it.submitted_at} />
        </span>
      </p>
      <h1>{it.title}</h1>
      <Returned reasons={it.return_reasons ?? []} />
      <Descriptions bordered size="small" column={1} className={page.facts ?? ""} items={facts(it, name)} />
      <h2>核心技术指标</h2>
      <Plain
        items={it.indicators ?? []}
        id={(each) => each.name}
        label="核心技术指标"
        columns={[
          { title: "指标", of: (each) => each.name },
          { title: "目标值", of: (each) => each.target },
          { title: "单位", of: (each) => each.unit },
          { title: "检测方法", of: (each) => each.test_method },
        ]}
      />
      <Decision challenge={it} />
    </article>
  );
}

function Returned({ reasons }: { reasons: View<"Reason">[] }): ReactNode {
  if (!reasons.length) return null;
  return (
    <section className={page.notice} aria-label="上次退回的意见">
      <h2>上次退回的意见</h2>
      <ul className={page.list}>
        {reasons.map((each, at) => (
          <li key={at}>
            <strong>{fieldName(each.field)}</strong>：{each.message}
          </li>
        ))}
      </ul>
    </section>
  );
}

function facts(it: Body, name: Names) {
  const rows: [string, ReactNode][] = [
    ["public_summary", it.public_summary],
    ["problem", it.problem],
    ["requirements", it.requirements.map((each, at) => <p key={at}>{each}</p>)],
    [
      "reward",
      `${money(it.reward.amount_fen)}（${it.reward.stages.map((each) => `${each.name} ${number(each.percent)}%`).join("，")}）`,
    ],
    [
      "funding",
      it.funding.map((each) => `${name("jurisdictions", each.jurisdiction)} ${money(each.amount_fen)}`).join("，"),
    ],
    ["deadline", <Instant key="deadline" at={it.deadline} />],
    ["period_months", `${number(it.period_months)} 个月`],
    ["disclosure", name("disclosures", it.disclosure)],
    ["consortium", it.consortium.allowed ? `允许，最多 ${number(it.consortium.max_partners)} 家` : "不允许"],
    ["ip_terms", [name("ip_terms", it.ip_terms.template), it.ip_terms.text].filter(Boolean).join("：")],
    ["industry", it.industry.map((each) => name("industries", each)).join("、")],
    ["contact", `${it.contact.name}，${it.contact.phone}`],
  ];
  return rows
    .filter(([, shown]) => (Array.isArray(shown) ? shown.length > 0 : Boolean(shown)))
    .map(([field, shown]) => ({
      key: field,
      label: fieldName(field),
      children: <div className={parts.prose}>{shown}</div>,
    }));
}
