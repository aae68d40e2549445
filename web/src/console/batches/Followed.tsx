/** What can be done with the receipt of an uploaded file: correct the file, sign the dry run off, push it for good. */
import { Button } from "antd";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";

import { api, type View } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import { useWorkbook } from "../parts/download";
import parts from "../parts/parts.module.css";

type Batch = View<"BatchView">;

/** The clerk's own workbook with its bad cells marked. */
export function Marked({ batch: it }: { batch: Batch }): ReactNode {
  const file = useWorkbook(`标注-${it.file?.name ?? it.id}`, () =>
    api.GET("/api/v1/sync/batches/{batch_id}/annotated", {
      params: { path: { batch_id: it.id } },
      parseAs: "bytes",
    }),
  );
  return <Download name="下载标注后的工作簿" file={file} />;
}

export function isMarked({ file, finished_at, state, counts, warnings }: Batch): boolean {
  const faults = (counts.rejected ?? 0) + (counts.duplicate ?? 0) + warnings;
  return finished_at !== null && state !== "discarded" && faults > 0 && /\.xlsx$/i.test(file?.name ?? "");
}

/** The receipt as a workbook; that of a dry run has a place for name and seal. */
export function ReceiptBook({ batch: it }: { batch: Batch }): ReactNode {
  const file = useWorkbook(`${it.dry_run ? "核验单" : "回执"}-${it.id}.xlsx`, () =>
    api.GET("/api/v1/sync/batches/{batch_id}/rows", {
      params: { path: { batch_id: it.id }, query: { format: "xlsx" } },
      parseAs: "bytes",
    }),
  );
  return <Download name={it.dry_run ? "下载核验单（Excel，供签字）" : "下载回执（Excel）"} file={file} />;
}

function Download({ name, file }: { name: string; file: ReturnType<typeof useWorkbook> }): ReactNode {
  return (
    <>
      <Button
        loading={file.isPending}
        onClick={() => {
          file.mutate();
        }}
      >
        {name}
      </Button>
      <Outcome of={file} />
    </>
  );
}

/** The dry run of a file is signed off by pushing that very file for good. */
export function SignOff({ batch: it }: { batch: Batch }): ReactNode {
  const go = useNavigate();
  const name = useNames();
  const write = useWrite(
    (_: string, header) =>
      api.POST("/api/v1/sync/batches/{batch_id}/push", {
        params: { path: { batch_id: it.id }, header },
        body: {},
      }),
    ({ id }) => go(`/batches/${id}`),
  );
  const { added = 0, changed = 0, deleted = 0, rejected = 0 } = it.counts;
  return (
    <section aria-label="签字与正式推送" className={parts.card}>
      <h2>签字与正式推送</h2>
      <p>
        这是试运行，什么都没有发布。请核对各行的结论与差异；需要改正的，改好文件后重新上传。核对无误的，下载核验单签字盖章，再正式推送同一份文件。
      </p>
      <p className={parts.buttons}>
        <ReceiptBook batch={it} />
        <Act
          name="正式推送"
          primary
          write={write}
          question={`将发布“${it.file?.name ?? ""}”（${name("kinds", it.kind)}，${name("batch_modes", it.mode)}）：新增 ${number(added)}、变更 ${number(changed)}、删除 ${number(deleted)} 行，撤下 ${number(it.withdrawn)} 条；拒绝的 ${number(rejected)} 行不入库。试运行之后平台上若有变化，以推送时为准。操作人会记入审计。`}
        />
      </p>
    </section>
  );
}
