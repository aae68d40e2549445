/** What is asked of one's inbox. Everything stands under one key, so that whatever was read is known everywhere. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type View } from "../../api/client";
import { useSession } from "../../shared/session/useSession";

export const INBOX = ["inbox"];
const LIST = [...INBOX, "list"];
/** Nobody has to reload to learn that something came; a page that nobody looks at asks nothing. */
const LOOKED_EVERY_MS = 30_000;

/** The newest message, and how many are unread: asked again and again, and at once by whoever comes back to the page. */
export function useNewest() {
  const { is } = useSession();
  return useQuery({
    queryKey: [...INBOX, "newest"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/notifications/inbox", { params: { query: { limit: 1 } }, signal })),
    enabled: is === "in",
    refetchInterval: LOOKED_EVERY_MS,
    refetchOnWindowFocus: "always",
  });
}

/** Page after page, the newest first. A message that came since is another list. */
export function useInbox(unread: boolean) {
  return useInfiniteQuery({
    queryKey: [...LIST, unread],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(api.GET("/api/v1/notifications/inbox", { params: { query: { unread, cursor } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export type Message = View<"InboxItemView">;
