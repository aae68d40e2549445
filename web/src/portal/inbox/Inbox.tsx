/** One's messages, the newest first: what came, where it leads, and what was read. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useSearchParams } from "react-router";

import { api } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { More } from "../../shared/More";
import { Outcome } from "../../shared/Outcome";
import { useWrite } from "../../shared/writing";
import { Mine } from "../mine/Mine";
import styles from "./Inbox.module.css";
import { MessageRow } from "./MessageRow";
import { INBOX, useInbox, useNewest } from "./queries";

export function Inbox(): ReactNode {
  return (
    <Mine>
      <title>消息 · 沿沪宁协同创新集市</title>
      <Messages />
    </Mine>
  );
}

function Messages(): ReactNode {
  const [address] = useSearchParams();
  const unread = address.get("unread") === "true";
  const list = useInbox(unread);
  const newest = useNewest().data;
  useNews(newest?.items[0]?.id, () => void list.refetch());
  return (
    <>
      <div className={styles.head}>
        <h1>消息</h1>
        <p role="status">{newest && (newest.unread > 0 ? `${number(newest.unread)} 条未读` : "没有未读消息")}</p>
        <ReadAll none={newest?.unread === 0} />
      </div>
      <nav aria-label="显示哪些消息" className={styles.choices}>
        <Link to="/inbox" aria-current={unread ? undefined : "true"}>
          全部
        </Link>
        <Link to="/inbox?unread=true" aria-current={unread ? "true" : undefined}>
          未读
        </Link>
      </nav>
      <Answer of={list} outline={<Outline lines={10} />}>
        {({ pages }) =>
          pages[0]?.items.length ? (
            <>
              <ul className={styles.messages} aria-label="消息">
                {pages.flatMap((page) => page.items.map((each) => <MessageRow key={each.id} message={each} />))}
              </ul>
              <More of={list} />
            </>
          ) : (
            <Nothing unread={unread} />
          )
        }
      </Answer>
    </>
  );
}

/** Calls once the newest message is another one than before. */
function useNews(newest: string | undefined, came: () => void): void {
  const seen = useRef(newest);
  useEffect(() => {
    if (seen.current !== undefined && newest !== undefined && newest !== seen.current) came();
    seen.current = newest;
  });
}

function ReadAll({ none }: { none: boolean }): ReactNode {
  const client = useQueryClient();
  const all = useWrite(
    (_: null, header) => api.POST("/api/v1/notifications/read-all", { params: { header }, body: {} }),
    () => client.invalidateQueries({ queryKey: INBOX }),
  );
  return (
    <>
      <Button
        disabled={none}
        loading={all.isPending}
        onClick={() => {
          all.mutate(null);
        }}
      >
        全部标为已读
      </Button>
      <Outcome of={all} />
    </>
  );
}

function Nothing({ unread }: { unread: boolean }): ReactNode {
  return (
    <div className={styles.nothing}>
      <h2>{unread ? "没有未读消息" : "还没有消息"}</h2>
      <p>榜单的审核与发布、揭榜的回执、已存搜索的新结果会出现在这里。</p>
    </div>
  );
}
