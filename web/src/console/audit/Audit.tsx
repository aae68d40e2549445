/** Who did what to what, and whether the chain of entries is whole. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { holds } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { useDownload } from "../parts/download";
import { Filter, Filters, Typed, useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { asPage, usePages } from "../parts/pages";
import parts from "../parts/parts.module.css";
import { Rows } from "../parts/Rows";
import { isService, ops, type Service, SERVICE_CHOICES } from "../parts/services";
import { outcome } from "./results";

export function Audit(): ReactNode {
  const name = useNames();
  const [asked] = useFilter("service", "accounts");
  const service = isService(asked) ? asked : "accounts";
  const wanted = useWanted();
  const found = usePages(["audit", service, wanted], (page, signal) =>
    asPage<View<"EntryView">>(api.GET(ops(service, "audit"), { params: { query: { ...page, ...wanted } }, signal })),
  );
  return (
    <Page title="审计" extra={<Whole key={service} service={service} />}>
      <Filters>
        <Filter name="service" label="服务" choices={SERVICE_CHOICES} otherwise="accounts" />
        <Typed name="actor" label="操作人" placeholder="用户 id" />
        <Typed name="subject" label="对象" placeholder="如 sync/agents" />
      </Filters>
      <Rows
        of={found}
        id={({ seq }) => String(seq)}
        label="审计记录"
        nothing="没有符合条件的记录。"
        columns={[
          { title: "序号", of: ({ seq }) => number(seq), number: true },
          { title: "时间", of: ({ at }) => <Instant at={at} /> },
          { title: "操作", of: ({ action }) => action },
          { title: "对象", of: ({ subject }) => subject },
          { title: "操作人", of: ({ actor }) => actor },
          { title: "地区", of: ({ jurisdiction }) => (jurisdiction ? name("jurisdictions", jurisdiction) : "—") },
          {
            title: "结果",
            of: ({ result, times }) => outcome(result) + (times > 1 ? `（${times} 次）` : ""),
          },
        ]}
      />
    </Page>
  );
}

function useWanted(): Record<string, string> {
  const [actor] = useFilter("actor");
  const [subject] = useFilter("subject");
  return { ...(actor && { actor }), ...(subject && { subject }) };
}

/** All entries of the filter as a file; and, for whom it is, whether no entry was changed or taken out. */
function Whole({ service }: { service: Service }): ReactNode {
  const user = useUser();
  const wanted = useWanted();
  const file = useDownload(`审计-${service}.csv`, () =>
    api.GET(ops(service, "audit"), { params: { query: { ...wanted, format: "csv" } }, parseAs: "text" }),
  );
  const verified = useMutation({ mutationFn: () => answer(api.GET(ops(service, "audit/verify"))) });
  const verifies = holds(user, "auditor") || holds(user, "alliance_operator");
  return (
    <div className={parts.stack}>
      <p className={parts.buttons}>
        {verifies && (
          <Button
            loading={verified.isPending}
            onClick={() => {
              verified.mutate();
            }}
          >
            校验完整性
          </Button>
        )}
        <Button
          loading={file.isPending}
          onClick={() => {
            file.mutate();
          }}
        >
          下载（CSV）
        </Button>
      </p>
      <div role="status">
        {verified.data &&
          (verified.data.intact
            ? `完整：${number(verified.data.entries)} 条记录首尾相接。`
            : `不完整：自第 ${number(verified.data.broken_at ?? 0)} 条起不相接，请联系审计人员。`)}
      </div>
      <Outcome of={verified} />
      <Outcome of={file} />
    </div>
  );
}
