/** Organisations that registered themselves, those that wait first. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api, type View } from "../../api/client";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { Filter, Filters, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";

type Status = View<"OrganizationView">["status"];
const STATES: Status[] = ["pending", "verified", "rejected"];

export function Organizations(): ReactNode {
  const name = useNames();
  const [asked] = useFilter("status", "pending");
  const status = STATES.find((each) => each === asked) ?? null;
  const found = usePages(["organizations", status], (page, signal) =>
    api.GET("/api/v1/accounts/organizations", { params: { query: { ...page, ...(status && { status }) } }, signal }),
  );
  const choices = STATES.map((value) => ({ value: value, label: name("organization_states", value) }));
  return (
    <Page title="单位认证">
      <Filters>
        <Filter
          name="status"
          label="状态"
          otherwise="pending"
          choices={[...choices, { value: "all", label: "全部" }]}
        />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="单位"
        nothing={status === "pending" ? "没有等待审核的单位。" : "没有符合条件的单位。"}
        columns={[
          { title: "名称", of: (each) => <Link to={`/organizations/${each.id}`}>{each.name}</Link> },
          { title: "统一社会信用代码", of: (each) => each.credit_code },
          { title: "类型", of: (each) => name("organization_kinds", each.kind) },
          { title: "地区", of: (each) => name("jurisdictions", each.jurisdiction) },
          { title: "状态", of: (each) => <Tag>{name("organization_states", each.status)}</Tag> },
          { title: "登记时间", of: (each) => <Instant at={each.created_at} /> },
        ]}
      />
    </Page>
  );
}
