/** A challenge as everybody may read it. */
import { useQuery } from "@tanstack/react-query";
import { Descriptions, Table } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Antd } from "../../shared/Antd";
import { Answer, Outline } from "../../shared/Answer";
import { money, number, relative, time } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { Missing } from "../missing/Missing";
import { searchFor } from "../paths";

type Body = View<"ChallengeView">;

export function Challenge(): ReactNode {
  const { challengeId = "" } = useParams();
  const challenge = useQuery({
    queryKey: ["challenge", challengeId],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/challenges/{challenge_id}", { params: { path: { challenge_id: challengeId } }, signal })),
  });
  if (challenge.error instanceof Problem && [404, 422].includes(challenge.error.status))
    return <Missing detail={challenge.error.detail} />;
  return (
    <Antd>
      <Answer of={challenge} outline={<Outline lines={12} />}>
        {(body) => <Shown challenge={body} />}
      </Answer>
    </Antd>
  );
}

function Shown({ challenge }: { challenge: Body }): ReactNode {
  const name = useNames();
  return (
    <article className={page.thing}>
      <title>{`${challenge.title.slice(0, 60)} · 沿沪宁协同创新集市`}</title>
      <p className={page.tags}>
        <Tag tone="state">{name("states", challenge.state)}</Tag>
        <Tag>{name("modes", challenge.mode)}</Tag>
        <Link to={searchFor("jurisdiction", challenge.jurisdiction)}>
          {name("jurisdictions", challenge.jurisdiction)}
        </Link>
        <bdi>{challenge.organization.name}</bdi>
      </p>
      <h1>{challenge.title}</h1>
      <Figures challenge={challenge} />
      <h2>需求简介</h2>
      <p className={page.text}>{challenge.public_summary}</p>
      {challenge.problem && (
        <>
          <h2>主要技术问题</h2>
          <p className={page.text}>{challenge.problem}</p>
        </>
      )}
      <Indicators challenge={challenge} />
      {challenge.requirements.length > 0 && (
        <>
          <h2>揭榜方条件</h2>
          <ol className={page.list}>
            {challenge.requirements.map((each, at) => (
              <li key={at}>{each}</li>
            ))}
          </ol>
        </>
      )}
      <h2>榜金与合作方式</h2>
      <Descriptions bordered size="small" column={1} className={page.facts ?? ""} items={terms(challenge, name)} />
      <p className={page.notice}>揭榜请在微信小程序“沿沪宁协同创新集市”中打开本榜单，截止前提交的内容全程密封。</p>
    </article>
  );
}

function Figures({ challenge }: { challenge: Body }): ReactNode {
  return (
    <dl className={page.figures}>
      <div className={page.reward}>
        <dt>榜金</dt>
        <dd>{money(challenge.reward.amount_fen)}</dd>
      </div>
      <div>
        <dt>揭榜截止</dt>
        <dd>
          <time dateTime={challenge.deadline}>{time(challenge.deadline)}</time>{" "}
          <small>{relative(challenge.deadline)}</small>
        </dd>
      </div>
      <div>
        <dt>实施周期</dt>
        <dd>{number(challenge.period_months)} 个月</dd>
      </div>
      <div>
        <dt>已收到揭榜</dt>
        <dd>{number(challenge.claims_count)} 份</dd>
      </div>
    </dl>
  );
}

function Indicators({ challenge }: { challenge: Body }): ReactNode {
  const name = useNames();
  if (!challenge.indicators)
    return <p className={page.notice}>详细技术内容的公开方式：{name("disclosures", challenge.disclosure)}。</p>;
  return (
    <>
      <h2>核心技术指标</h2>
      <Table
        size="small"
        pagination={false}
        tableLayout="fixed"
        rowKey="name"
        dataSource={challenge.indicators}
        columns={[
          { title: "指标", dataIndex: "name" },
          { title: "目标值", dataIndex: "target" },
          { title: "单位", dataIndex: "unit" },
          { title: "检测方法", dataIndex: "test_method" },
        ]}
      />
    </>
  );
}

function terms(challenge: Body, name: ReturnType<typeof useNames>) {
  const { consortium, funding, ip_terms, race, reward } = challenge;
  const rows: [string, string | null][] = [
    ["分期拨付", reward.stages.map((each) => `${each.name} ${number(each.percent)}%`).join("，")],
    [
      "联合出资",
      funding.map((each) => `${name("jurisdictions", each.jurisdiction)} ${money(each.amount_fen)}`).join("，"),
    ],
    ["产权归属", [name("ip_terms", ip_terms.template), ip_terms.text].filter(Boolean).join("：")],
    ["联合体", consortium.allowed ? `可以，参与单位不超过 ${number(consortium.max_partners)} 家` : "不接受"],
    ["赛马", race && `${number(race.teams)} 支队伍并行`],
    ["行业", challenge.industry.join("、")],
    ["联系人", `${challenge.contact.name} ${challenge.contact.phone}`],
    ["发布时间", challenge.published_at && time(challenge.published_at)],
  ];
  return rows
    .filter(([, value]) => value !== null && value !== "")
    .map(([label, value]) => ({ key: label, label, children: value }));
}
