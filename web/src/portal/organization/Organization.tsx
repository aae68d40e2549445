/** An organisation across cities: what they call it, and all their records of it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Antd } from "../../shared/Antd";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { More } from "../../shared/More";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { Missing } from "../missing/Missing";
import { pathOf } from "../paths";

type Body = View<"SharedOrganizationView">;

export function Organization(): ReactNode {
  const { creditCode = "" } = useParams();
  const found = useQuery({
    queryKey: ["shared-organization", creditCode],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/sync/organizations/{credit_code}", { params: { path: { credit_code: creditCode } }, signal }),
      ),
  });
  if (found.error instanceof Problem && [404, 422].includes(found.error.status))
    return <Missing detail="各市的数据里没有这个统一社会信用代码。" />;
  return (
    <Antd>
      <Answer of={found} outline={<Outline lines={10} />}>
        {(body) => <Shown organization={body} />}
      </Answer>
    </Antd>
  );
}

function Shown({ organization: it }: { organization: Body }): ReactNode {
  const name = useNames();
  const also = it.names.filter((each) => each.name !== it.name).map((each) => each.name);
  const codes = it.codes.map((each) => each.credit_code);
  const cities = it.jurisdictions.map(
    (each) => `${name("jurisdictions", each.jurisdiction)} ${number(each.records)} 条`,
  );
  return (
    <article className={page.thing}>
      <title>{`${it.name.slice(0, 60)} · 沿沪宁协同创新集市`}</title>
      <h1>{it.name}</h1>
      <Descriptions
        bordered
        size="small"
        column={1}
        className={page.facts ?? ""}
        items={[
          { key: "code", label: "统一社会信用代码", children: codes.join("、") },
          ...(also.length ? [{ key: "names", label: "也称", children: also.join("、") }] : []),
          { key: "cities", label: "各市数据", children: cities.join("，") },
        ]}
      />
      <h2>各市的记录</h2>
      <Records code={it.credit_code} />
    </article>
  );
}

function Records({ code }: { code: string }): ReactNode {
  const name = useNames();
  const list = useInfiniteQuery({
    queryKey: ["shared-records", code],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(
        api.GET("/api/v1/sync/organizations/{credit_code}/records", {
          params: { path: { credit_code: code }, query: { limit: 50, cursor } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  });
  return (
    <Answer of={list} outline={<Outline lines={6} />}>
      {({ pages }) => (
        <>
          <ul className={page.list} aria-label="各市的记录">
            {pages.flatMap(({ items }) =>
              items.map((each) => {
                const id = `${each.jurisdiction}/${each.kind}/${each.source_id}`;
                return (
                  <li key={id}>
                    <Link to={pathOf({ type: "record", id })}>{each.title}</Link> <Tag>{name("kinds", each.kind)}</Tag>{" "}
                    {name("jurisdictions", each.jurisdiction)}
                  </li>
                );
              }),
            )}
          </ul>
          <More of={list} />
        </>
      )}
    </Answer>
  );
}
