/** One message: whoever follows it to its page has read it. */
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api, type View } from "../../api/client";
import { relative, time } from "../../shared/format";
import { Outcome } from "../../shared/Outcome";
import { useWrite } from "../../shared/writing";
import styles from "./Inbox.module.css";
import { placeOf } from "./places";
import { INBOX, type Message } from "./queries";

type Pages = InfiniteData<View<"InboxPage">>;

export function MessageRow({ message }: { message: Message }): ReactNode {
  const read = useReading();
  const unread = message.read_at === null;
  const follow = (): void => {
    if (unread) read.mutate(message.id);
  };
  return (
    <li className={unread ? styles.unread : styles.read}>
      <h2>
        {unread && <span className={styles.mark}>未读</span>}
        <Title message={message} follow={follow} />
      </h2>
      <p className={styles.body}>{message.body}</p>
      <p className={styles.facts}>
        <time dateTime={message.created_at}>{time(message.created_at)}</time>
        <span>{relative(message.created_at)}</span>
        {unread && (
          <Button
            size="small"
            loading={read.isPending}
            aria-label={`标为已读：${message.title.slice(0, 60)}`}
            onClick={() => {
              read.mutate(message.id);
            }}
          >
            标为已读
          </Button>
        )}
      </p>
      <Outcome of={read} />
    </li>
  );
}

function Title({ message: { title, link }, follow }: { message: Message; follow: () => void }): ReactNode {
  const place = placeOf(link);
  if (!place) return <span>{title}</span>;
  return (
    <Link to={place.path} reloadDocument={place.elsewhere ?? false} onClick={follow}>
      {title}
    </Link>
  );
}

/** Marks as read. It stays where it stands, in the list of what is unread as well, until that is looked at anew. */
function useReading() {
  const client = useQueryClient();
  return useWrite(
    (id: string, header) =>
      api.POST("/api/v1/notifications/{item_id}/read", { params: { path: { item_id: id }, header }, body: {} }),
    (read) => {
      client.setQueriesData<Pages>({ queryKey: [...INBOX, "list"] }, (list) => list && replaced(list, read));
      return client.invalidateQueries({ queryKey: [...INBOX, "newest"] });
    },
  );
}

function replaced({ pages, pageParams }: Pages, message: Message): Pages {
  const items = (page: View<"InboxPage">) => page.items.map((each) => (each.id === message.id ? message : each));
  return { pageParams, pages: pages.map((page) => ({ ...page, items: items(page) })) };
}
