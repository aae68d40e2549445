/** The records that a snapshot takes away; while it waits, whether it may. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { api } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import page from "../../shared/Thing.module.css";
import { seen, useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import { Changed, type Refused } from "../parts/Changed";
import { usePages } from "../parts/pages";
import parts from "../parts/parts.module.css";
import { Rows } from "../parts/Rows";
import { type Versioned, versioned } from "./versioned";

export function Withdrawals({ batch: it, version }: Versioned): ReactNode {
  const waits = it.state === "awaiting_approval";
  const found = usePages(["withdrawals", it.id, version], (place, signal) =>
    api.GET("/api/v1/sync/batches/{batch_id}/withdrawals", {
      params: { path: { batch_id: it.id }, query: place },
      signal,
    }),
  );
  return (
    <section aria-label="撤下的记录" className={parts.stack}>
      <h2>{waits ? `批准后将撤下 ${number(it.withdrawn)} 条记录` : `撤下的记录（${number(it.withdrawn)} 条）`}</h2>
      {waits && <Decision batch={it} version={version} />}
      <Rows
        of={found}
        id={({ source_id }) => source_id}
        label="撤下的记录"
        nothing="没有撤下的记录。"
        columns={[
          { title: "编号", of: ({ source_id }) => source_id },
          { title: "名称", of: ({ title }) => title },
        ]}
      />
    </section>
  );
}

/** On the version that was read: what was weighed anew meanwhile may take more away. */
function Decision({ batch: it, version }: Versioned): ReactNode {
  const client = useQueryClient();
  const done = (): Promise<void> => client.invalidateQueries({ queryKey: ["batch", it.id] });
  const approval = useWrite(
    (_: string, header) =>
      api.POST("/api/v1/sync/batches/{batch_id}/approve", {
        params: { path: { batch_id: it.id }, header: { ...header, ...seen(version) } },
        body: {},
      }),
    done,
  );
  const discarding = useWrite(
    (_: string, header) =>
      api.DELETE("/api/v1/sync/batches/{batch_id}", {
        params: { path: { batch_id: it.id }, header: { ...header, ...seen(version) } },
      }),
    done,
  );
  return (
    <div className={page.notice}>
      <p>
        这份全量数据缺少下列记录，数量较多，因此没有自动撤下。请核对：确实应当撤下就批准，是数据不全就放弃此批，补全后重新推送。
      </p>
      <p className={parts.buttons}>
        <Act
          name="批准撤下"
          primary
          write={approval}
          question={`批准后，下列 ${number(it.withdrawn)} 条记录从门户撤下，其余各行照常入库。操作人会记入审计。`}
        >
          <ChangedBatch batch={it} version={version} write={approval} />
        </Act>
        <Act
          name="放弃此批"
          danger
          write={discarding}
          question="放弃后，这一批的任何一行都不入库，现有记录保持不变。不能恢复，只能重新推送。"
        >
          <ChangedBatch batch={it} version={version} write={discarding} />
        </Act>
      </p>
    </div>
  );
}

function ChangedBatch({ batch: it, version, write }: Versioned & { write: Refused }): ReactNode {
  const name = useNames();
  return (
    <Changed
      of={["batch", it.id]}
      mine={{ batch: it, version }}
      write={write}
      ask={() => versioned(it.id)}
      fields={[
        { label: "状态", of: ({ batch }) => name("batch_states", batch.state) },
        { label: "将撤下的记录", of: ({ batch }) => `${number(batch.withdrawn)} 条` },
      ]}
    />
  );
}
