/** What became of a write, beside the button that began it: a refusal in the API's own words, or why it still waits. */
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Problem } from "../api/client";
import styles from "./Answer.module.css";
import { words } from "./Answer";
import { waits } from "./queries";

type Write = Pick<
  UseMutationResult<unknown, Error, never>,
  "error" | "isPaused" | "isPending" | "failureReason" | "failureCount"
>;

export function Outcome({ of: write }: { of: Write }): ReactNode {
  if (write.isPaused) return <Waits>网络已断开，恢复后会自动提交，请不要关闭页面。</Waits>;
  if (write.isPending && write.failureReason) {
    const seconds = Math.ceil(waits(write.failureCount - 1, write.failureReason) / 1000);
    return (
      <Waits>
        {words(write.failureReason).detail}（{seconds} 秒后自动重试）
      </Waits>
    );
  }
  return write.error && <Refused error={write.error} />;
}

function Refused({ error }: { error: Error }): ReactNode {
  const { title, detail, note } = words(error);
  const faults = error instanceof Problem ? error.errors : [];
  return (
    <div className={styles.fault} role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      {faults.length > 0 && (
        <ul>
          {faults.map((each) => (
            <li key={each.field + each.code}>
              {each.field ? `${each.field}：` : ""}
              {each.message}
            </li>
          ))}
        </ul>
      )}
      {note && <p className={styles.note}>{note}</p>}
    </div>
  );
}

function Waits({ children }: { children: ReactNode }): ReactNode {
  return (
    <p className={styles.waiting} role="status">
      {children}
    </p>
  );
}
