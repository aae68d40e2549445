/** Messages to people's WeChat: what was sent, and why not. */
import type { ReactNode } from "react";

import { api, type View } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { Filter, Filters, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";

type Status = View<"DeliveryView">["status"];
const STATES: Status[] = ["pending", "sending", "sent", "failed", "unknown", "skipped"];

export function Deliveries(): ReactNode {
  const name = useNames();
  const [asked] = useFilter("status");
  const status = STATES.find((each) => each === asked) ?? null;
  const found = usePages(["deliveries", status], (page, signal) =>
    api.GET("/api/v1/notifications/deliveries", { params: { query: { ...page, ...(status && { status }) } }, signal }),
  );
  const choices = STATES.map((value) => ({ value: value, label: name("delivery_states", value) }));
  return (
    <Page title="消息发送">
      <Filters>
        <Filter name="status" label="状态" choices={[{ value: "", label: "全部" }, ...choices]} />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="消息"
        nothing="没有符合条件的消息。"
        columns={[
          { title: "收件人", of: (each) => each.recipient_masked },
          { title: "状态", of: (each) => <Tag>{name("delivery_states", each.status)}</Tag> },
          { title: "原因", of: (each) => each.reason_text ?? "—" },
          { title: "模板", of: (each) => each.template_id },
          { title: "尝试", of: (each) => number(each.attempts), number: true },
          { title: "产生时间", of: (each) => <Instant at={each.created_at} /> },
          { title: "完成时间", of: (each) => <Instant at={each.settled_at} /> },
        ]}
      />
    </Page>
  );
}
