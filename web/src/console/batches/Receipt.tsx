/** The receipt of a batch: its state, a count for each verdict, and what was said of each row. */
import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";

import { api, Problem, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { Missing } from "../missing/Missing";
import { useDownload } from "../parts/download";
import { useFilter } from "../parts/filters";
import { Instant } from "../parts/Instant";
import parts from "../parts/parts.module.css";
import { size } from "../uploads/FileChoice";
import { isMarked, Marked, SignOff } from "./Followed";
import styles from "./Receipt.module.css";
import { ReceiptRows } from "./ReceiptRows";
import { Withdrawals } from "./Withdrawals";
import { VERDICTS, type Verdict } from "./verdicts";
import { type Versioned, versioned } from "./versioned";

type Batch = View<"BatchView">;

const LOOKED_EVERY_MS = 2_000;

export function Receipt(): ReactNode {
  const { batchId = "" } = useParams();
  const found = useQuery({
    queryKey: ["batch", batchId],
    queryFn: ({ signal }) => versioned(batchId, { signal }),
    refetchInterval: ({ state: { data } }) => looked(data?.batch),
  });
  if (found.error instanceof Problem && [404, 422].includes(found.error.status))
    return <Missing detail={found.error.detail} />;
  return (
    <Answer of={found} outline={<Outline lines={10} />}>
      {(body) => <Shown {...body} />}
    </Answer>
  );
}

/** What waits for a person does not change under their hand. */
function looked(batch: Batch | undefined): number | false {
  return batch?.finished_at === null && batch.state !== "awaiting_approval" && LOOKED_EVERY_MS;
}

function Shown({ batch: it, version }: Versioned): ReactNode {
  const name = useNames();
  const { done, total } = it.progress;
  return (
    <div className={parts.stack}>
      <title>{`${name("kinds", it.kind)}回执 · 数据批次`}</title>
      <article className={page.thing}>
        <p className={page.tags}>
          <Tag tone="state">{name("batch_states", it.state)}</Tag>
          <Tag>{name("batch_modes", it.mode)}</Tag>
          {it.dry_run && <Tag>试运行</Tag>}
          <span>
            {name("jurisdictions", it.jurisdiction)} 推送于 <Instant at={it.created_at} />
          </span>
        </p>
        <h1>{name("kinds", it.kind)}回执</h1>
        {it.state === "processing" && (
          <Progress
            aria-label="处理进度"
            percent={total ? Math.floor((100 * done) / total) : 0}
            format={() => `${number(done)} / ${number(total)}`}
          />
        )}
        <Counts batch={it} />
        <p className={page.source}>
          共 {number(it.rows)} 行；批次号 {it.id}
          {it.file && (
            <>
              ；文件 {it.file.name}（{size(it.file.size)}）
            </>
          )}
        </p>
        <p className={parts.buttons}>
          <Download batch={it} />
          {isMarked(it) && <Marked batch={it} />}
        </p>
        {it.follows && <Follows dryRun={it.follows} />}
        {it.notes.length > 0 && (
          <details className={styles.notes}>
            <summary>读取文件时的说明（{number(it.notes.length)} 条）</summary>
            <ul>
              {it.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </details>
        )}
      </article>
      {it.file && it.state === "verified" && <SignOff batch={it} />}
      {it.mode === "snapshot" && (it.withdrawn > 0 || it.state === "awaiting_approval") && (
        <Withdrawals batch={it} version={version} />
      )}
      <ReceiptRows batchId={it.id} state={it.state} />
    </div>
  );
}

/** What has changed since the dry run that this push follows. */
function Follows({ dryRun }: { dryRun: NonNullable<Batch["follows"]> }): ReactNode {
  const since = dryRun.other_verdict + dryRun.other_before;
  return (
    <p>
      依据<Link to={`/batches/${dryRun.id}`}>这次试运行</Link>推送：
      {since === 0
        ? "各行结论与试运行相同。"
        : `试运行之后平台上有变化，${number(dryRun.other_verdict)} 行的结论不同，另有 ${number(dryRun.other_before)} 行原来的内容不同。`}
    </p>
  );
}

/** Each count shows its rows. */
function Counts({ batch: it }: { batch: Batch }): ReactNode {
  const [chosen] = useFilter("verdict");
  const [warned] = useFilter("warned");
  return (
    <ul className={styles.counts} aria-label="各种结论的行数">
      {(Object.keys(VERDICTS) as Verdict[]).map((verdict) => (
        <li key={verdict}>
          <Link
            to={chosen === verdict ? "?" : `?verdict=${verdict}`}
            aria-current={chosen === verdict}
            className={verdict === "rejected" && it.counts.rejected ? styles.rejected : ""}
            preventScrollReset
          >
            <span>{VERDICTS[verdict]}</span>
            <strong>{number(it.counts[verdict] ?? 0)}</strong>
          </Link>
        </li>
      ))}
      <li>
        <Link to={warned ? "?" : "?warned=true"} aria-current={warned !== ""} preventScrollReset>
          <span>有提醒</span>
          <strong>{number(it.warnings)}</strong>
        </Link>
      </li>
    </ul>
  );
}

function Download({ batch: it }: { batch: Batch }): ReactNode {
  const file = useDownload(`回执-${it.id}.csv`, () =>
    api.GET("/api/v1/sync/batches/{batch_id}/rows", {
      params: { path: { batch_id: it.id }, query: { format: "csv" } },
      parseAs: "text",
    }),
  );
  return (
    <>
      <Button
        className={page.own ?? ""}
        loading={file.isPending}
        onClick={() => {
          file.mutate();
        }}
      >
        下载全部（CSV）
      </Button>
      <Outcome of={file} />
    </>
  );
}
