/** The rows of a receipt: where each stands in the city's file, its verdict, and what to do about it. */
import { Fragment, type ReactNode } from "react";

import { api, type View } from "../../api/client";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { useFilter } from "../parts/filters";
import { asPage, usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";
import { changesOf } from "./changes";
import styles from "./Receipt.module.css";
import { isVerdict, VERDICTS } from "./verdicts";

type Row = View<"RowView">;

const NOT_YET: Record<string, string> = {
  open: "批次还没有提交，尚无结论。",
  awaiting_approval: "批次等待批准，尚无结论。",
};

export function ReceiptRows({ batchId, state }: { batchId: string; state: string }): ReactNode {
  const [asked] = useFilter("verdict");
  const [warned] = useFilter("warned");
  const verdict = isVerdict(asked) ? asked : null;
  const found = usePages(["rows", batchId, state, verdict, warned], (page, signal) =>
    asPage<Row>(
      api.GET("/api/v1/sync/batches/{batch_id}/rows", {
        params: {
          path: { batch_id: batchId },
          query: { ...page, ...(verdict && { verdict }), ...(warned && { warned: true }) },
        },
        signal,
      }),
    ),
  );
  return (
    <Rows
      of={found}
      id={({ row }) => String(row)}
      label="各行的结论"
      nothing={NOT_YET[state] ?? "没有这样的行。"}
      columns={[
        { title: "行", of: place },
        { title: "编号", of: (each) => each.source_id ?? "—" },
        { title: "结论", of: (each) => <Tag>{VERDICTS[each.verdict]}</Tag> },
        { title: "说明", of: (each) => <Said row={each} /> },
      ]}
    />
  );
}

function place({ at, row }: Row): string {
  if (!at) return `第 ${row + 1} 条`;
  return `${at.sheet ? `${at.sheet} ` : ""}第 ${at.line} 行`;
}

/** What a change changes, field by field. */
function Difference({ row }: { row: Row }): ReactNode {
  const name = useNames();
  const changes = row.verdict === "changed" ? changesOf(row.before, row.after) : [];
  if (changes.length === 0) return null;
  return (
    <dl className={styles.changes}>
      {changes.map(({ path, before, after }) => (
        <Fragment key={path}>
          <dt>{name("row_fields", path)}</dt>
          <dd>
            <del>{before}</del> → <ins>{after}</ins>
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Said({ row }: { row: Row }): ReactNode {
  const name = useNames();
  return (
    <div className={styles.said}>
      {row.message && (
        <p>
          {row.field && <strong>{name("row_fields", row.field)}：</strong>}
          {row.message}
        </p>
      )}
      <Difference row={row} />
      {(row.normalized ?? []).map((each, at) => (
        <small key={at}>
          {name("row_fields", each.field)}：{each.message ?? `${each.from ?? "（空）"} → ${each.to ?? "（空）"}`}
        </small>
      ))}
    </div>
  );
}
