/** The next page of a list, or why it did not come. */
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";

import { Fault } from "./Answer";
import styles from "./Answer.module.css";

type Pages = Pick<
  UseInfiniteQueryResult,
  "error" | "fetchNextPage" | "hasNextPage" | "isFetchNextPageError" | "isFetchingNextPage"
>;

export function More({ of: list }: { of: Pages }): ReactNode {
  if (list.isFetchNextPageError && list.error)
    return <Fault error={list.error} again={() => void list.fetchNextPage()} />;
  if (!list.hasNextPage) return null;
  return (
    <div className={styles.more}>
      <Button size="large" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        显示更多
      </Button>
    </div>
  );
}
