/** A record of a city: what it told, where it comes from, and the way to its own page. */
import { useQuery } from "@tanstack/react-query";
import { Button, Descriptions } from "antd";
import type { ReactElement, ReactNode } from "react";
import { Link, useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Antd } from "../../shared/Antd";
import { Answer, Outline } from "../../shared/Answer";
import { outside, relative, time } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { Missing } from "../missing/Missing";
import { ObjectionBox } from "../objections/ObjectionBox";
import { searchFor } from "../paths";
import { detailsOf } from "./details";

type Record = View<"RecordView">;
type Place = Pick<Record, "jurisdiction"> & { kind: View<"Kind">; source_id: string };

export function Item(): ReactNode {
  const { jurisdiction = "", kind = "", sourceId = "" } = useParams();
  // The address may name a city or kind that there is not: the API says so, in its own words.
  const path = { jurisdiction, kind, source_id: sourceId } as Place;
  const record = useQuery({
    queryKey: ["record", path],
    queryFn: async ({ signal }) => {
      const found = await answer(
        api.GET("/api/v1/sync/records/{jurisdiction}/{kind}/{source_id}", { params: { path }, signal }),
      );
      if ("items" in found) throw new Error("answered with a history that nobody asked for");
      return found;
    },
  });
  if (record.error instanceof Problem && [404, 422].includes(record.error.status))
    return <Missing detail={record.error.detail} />;
  return (
    <Antd>
      <Answer of={record} outline={<Outline lines={10} />}>
        {(body) => (body.deleted ? <Missing detail="这条内容已由发布城市撤下。" /> : <Shown record={body} />)}
      </Answer>
    </Antd>
  );
}

function Shown({ record }: { record: Record }): ReactNode {
  const name = useNames();
  const own = outside(record.portal_url);
  const field = (path: string): string => name("row_fields", path);
  return (
    <article className={page.thing}>
      <title>{`${record.title.slice(0, 60)} · 沿沪宁协同创新集市`}</title>
      <p className={page.tags}>
        <Tag>{name("kinds", record.kind)}</Tag>
        <Link to={searchFor("jurisdiction", record.jurisdiction)}>{name("jurisdictions", record.jurisdiction)}</Link>
        {record.tense && <span>{name("tenses", record.tense)}</span>}
      </p>
      <h1>{record.title}</h1>
      {record.summary && <p className={page.text}>{record.summary}</p>}
      {own && (
        <Button type="primary" href={own} target="_blank" rel="noopener noreferrer" className={page.own ?? ""}>
          前往城市平台查看 ↗
        </Button>
      )}
      <Descriptions bordered size="small" column={1} className={page.facts ?? ""} items={facts(record, field)} />
      <p className={page.source}>
        由{name("jurisdictions", record.jurisdiction)}推送，更新于{" "}
        <time dateTime={record.updated_at}>{time(record.updated_at)}</time>（{relative(record.updated_at)}）
      </p>
      <ObjectionBox recordId={`${record.jurisdiction}/${record.kind}/${record.source_id}`} />
    </article>
  );
}

function facts(record: Record, field: (path: string) => string) {
  const { organization, contact, longitude, latitude } = record;
  const place =
    longitude != null && latitude != null ? `东经 ${longitude.toFixed(4)}°，北纬 ${latitude.toFixed(4)}°` : null;
  const code = organization?.credit_code;
  const rows: [string, ReactElement | string | null | undefined][] = [
    [field("organization"), organization?.name],
    [field("organization.credit_code"), code && <Link to={`/organizations/${code}`}>{code}</Link>],
    [field("industry"), record.industry?.join("、")],
    [field("address"), record.address],
    ["坐标（GCJ-02）", place],
    [field("contact.name"), contact?.name],
    [field("contact.phone"), contact?.phone_masked],
    [field("valid_from"), record.valid_from],
    [field("valid_until"), record.valid_until],
    ...detailsOf(record.details ?? {}, field),
    [field("source_id"), record.source_id],
  ];
  return rows.filter(([, value]) => value).map(([label, value]) => ({ key: label, label, children: value }));
}
