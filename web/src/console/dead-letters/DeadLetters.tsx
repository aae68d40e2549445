/** Messages that could not be handled: looked at with a reason, handled again, or put aside; several at once. */
import { Checkbox } from "antd";
import { type ReactNode, useState } from "react";

import { api, type View } from "../../api/client";
import { holds } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Tag } from "../../shared/Tag";
import { Filter, Filters, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { type Column, Rows } from "../parts/Rows";
import { isService, ops, type Service, SERVICE_CHOICES } from "../parts/services";
import { Letter } from "./Letter";
import { reasonName, type Status, STATUSES } from "./reasons";
import { Several } from "./Several";

type Body = View<"LetterView">;

export function DeadLetters(): ReactNode {
  const [asked] = useFilter("service", "sync");
  const [state] = useFilter("status", "open");
  const service = isService(asked) ? asked : "sync";
  const status = state in STATUSES ? (state as Status) : null;
  const choices = Object.entries(STATUSES).map(([value, label]) => ({ value, label }));
  return (
    <Page title="死信">
      <Filters>
        <Filter name="service" label="服务" choices={SERVICE_CHOICES} otherwise="sync" />
        <Filter name="status" label="状态" otherwise="open" choices={[...choices, { value: "all", label: "全部" }]} />
      </Filters>
      <Letters key={`${service} ${status ?? ""}`} service={service} status={status} />
    </Page>
  );
}

function Letters({ service, status }: { service: Service; status: Status | null }): ReactNode {
  const settles = holds(useUser(), "alliance_operator");
  const [chosen, setChosen] = useState<string[]>([]);
  const found = usePages(["dead-letters", service, status], (page, signal) =>
    api.GET(ops(service, "dead-letters"), { params: { query: { ...page, ...(status && { status }) } }, signal }),
  );
  const choosing: Column<Body> = {
    title: "选择",
    of: (each) =>
      each.status === "open" && (
        <Checkbox
          aria-label={`选择 ${each.topic} ${each.partition}/${each.offset}`}
          checked={chosen.includes(each.id)}
          onChange={({ target }) => {
            setChosen(target.checked ? [...chosen, each.id] : chosen.filter((id) => id !== each.id));
          }}
        />
      ),
  };
  return (
    <>
      {settles && (
        <Several
          service={service}
          ids={chosen}
          done={() => {
            setChosen([]);
          }}
        />
      )}
      <Rows
        of={found}
        id={({ id }) => id}
        label="死信"
        nothing={status === "open" ? "没有待处理的死信。" : "没有符合条件的死信。"}
        columns={[
          ...(settles ? [choosing] : []),
          { title: "时间", of: ({ at }) => <Instant at={at} /> },
          { title: "来自", of: (each) => `${each.topic} ${each.partition}/${each.offset}` },
          { title: "原因", of: ({ reason }) => reasonName(reason) },
          { title: "状态", of: (each) => <Tag>{STATUSES[each.status]}</Tag> },
          { title: "内容与处理", of: (each) => <Letter service={service} letter={each} settles={settles} /> },
        ]}
      />
    </>
  );
}
