/** Objections to the records of one's city, those that wait first; the alliance sees all. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api } from "../../api/client";
import { useNames } from "../../shared/labels";
import { behalfOf, type Objection, OBJECTIONS } from "../../shared/objections";
import { Tag } from "../../shared/Tag";
import { Filter, Filters, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";

const STATES: Objection["state"][] = ["open", "corrected", "refused"];

export function Objections(): ReactNode {
  const name = useNames();
  const [asked] = useFilter("state", "open");
  const state = STATES.find((each) => each === asked) ?? null;
  const found = usePages([...OBJECTIONS, state], (page, signal) =>
    api.GET("/api/v1/sync/objections", { params: { query: { ...page, ...(state && { state }) } }, signal }),
  );
  const choices = STATES.map((value) => ({ value, label: name("objection_states", value) }));
  return (
    <Page title="数据异议">
      <Filters>
        <Filter name="state" label="状态" otherwise="open" choices={[...choices, { value: "all", label: "全部" }]} />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="数据异议"
        nothing={state === "open" ? "没有待答复的异议。" : "没有符合条件的异议。"}
        columns={[
          { title: "记录", of: (each) => <Link to={`/objections/${each.id}`}>{each.title}</Link> },
          { title: "类别", of: (each) => name("kinds", each.kind) },
          { title: "地区", of: (each) => name("jurisdictions", each.jurisdiction) },
          { title: "提出者", of: behalfOf },
          { title: "状态", of: (each) => <StateTag of={each} /> },
          { title: "提出时间", of: (each) => <Instant at={each.opened_at} /> },
        ]}
      />
    </Page>
  );
}

export function StateTag({ of: { state } }: { of: Objection }): ReactNode {
  const name = useNames();
  return <Tag tone={state === "open" ? "state" : "kind"}>{name("objection_states", state)}</Tag>;
}
