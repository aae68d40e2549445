/** What stands where an answer of the API will be: its outline, what went wrong in the API's words, or the thing itself. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Problem, Unreachable } from "../api/client";
import styles from "./Answer.module.css";
import { waits } from "./queries";

interface Told<Body> {
  of: UseQueryResult<Body>;
  /** Shown until there is something, of about the same size. */
  outline: ReactNode;
  children: (body: Body) => ReactNode;
}

export function Answer<Body>({ of: query, outline, children }: Told<Body>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Fault error={query.error} again={() => void query.refetch()} />;
  if (query.fetchStatus === "paused") return <Fault error={new Unreachable()} again={() => void query.refetch()} />;
  return (
    <>
      {query.failureReason && <Waiting error={query.failureReason} failures={query.failureCount} />}
      {outline}
    </>
  );
}

export function Fault({ error, again }: { error: Error; again: () => void }): ReactNode {
  const { title, detail, note } = words(error);
  return (
    <div className={styles.fault} role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      {note && <p className={styles.note}>{note}</p>}
      <button type="button" className={styles.button} onClick={again}>
        重试
      </button>
    </div>
  );
}

/** Said while the page waits to ask again by itself. */
function Waiting({ error, failures }: { error: Error; failures: number }): ReactNode {
  const seconds = Math.ceil(waits(failures - 1, error) / 1000);
  return (
    <p className={styles.waiting} role="status">
      {words(error).detail}（{seconds} 秒后自动重试）
    </p>
  );
}

export function words(error: Error): { title: string; detail: string; note: string } {
  if (error instanceof Problem)
    return { title: error.title, detail: error.detail, note: error.requestId && `请求编号 ${error.requestId}` };
  if (error instanceof Unreachable)
    return { title: "网络不可用", detail: "现在连接不上平台，请检查网络后重试。", note: "" };
  return { title: "页面出错了", detail: "这是页面自身的故障，请刷新后重试。", note: error.message };
}

/** Grey bars in place of lines of text. */
export function Outline({ lines }: { lines: number }): ReactNode {
  return (
    <div className={styles.outline} aria-hidden="true">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}
