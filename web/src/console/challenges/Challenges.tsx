/** The challenges of a city by state, those that wait for review first. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api, type View } from "../../api/client";
import { money } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { CityFilter, useCity } from "../parts/City";
import { Filter, Filters, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";

type State = View<"ChallengeView">["state"];
const STATES: State[] = ["submitted", "approved", "returned", "published", "closed"];

export function Challenges(): ReactNode {
  const name = useNames();
  const jurisdiction = useCity();
  const [asked] = useFilter("status", "submitted");
  const status = STATES.find((each) => each === asked) ?? null;
  const found = usePages(["challenges", jurisdiction, status], (page, signal) =>
    api.GET("/api/v1/challenges", {
      params: { query: { ...page, jurisdiction, ...(status && { status }) } },
      signal,
    }),
  );
  const choices = STATES.map((value) => ({ value: value, label: name("states", value) }));
  return (
    <Page title="榜单审核">
      <Filters>
        <CityFilter />
        <Filter
          name="status"
          label="状态"
          otherwise="submitted"
          choices={[...choices, { value: "all", label: "全部" }]}
        />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="榜单"
        nothing={status === "submitted" ? "没有等待审核的榜单。" : "没有符合条件的榜单。"}
        columns={[
          { title: "名称", of: (each) => <Link to={`/challenges/${each.id}`}>{each.title}</Link> },
          { title: "发榜单位", of: (each) => each.organization.name },
          { title: "状态", of: (each) => <Tag>{name("states", each.state)}</Tag> },
          { title: "榜金", of: (each) => money(each.reward.amount_fen), number: true },
          { title: "揭榜截止", of: (each) => <Instant at={each.deadline} /> },
          { title: "最近变化", of: (each) => <Instant at={each.updated_at} /> },
        ]}
      />
    </Page>
  );
}
