/** Saved searches at the API. */
import { type UseMutationResult, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api, type View } from "../../api/client";
import { seen, useWrite } from "../../shared/writing";

export type Saved = View<"SubscriptionView">;
/** What of a saved search may be changed; `query` where it is another one. */
export type Wanted = Pick<Saved, "name" | "notify"> & { query?: View<"SavedQuery"> };

const SEARCHES = ["saved-searches"];

export function useSavedSearches() {
  return useInfiniteQuery({
    queryKey: [...SEARCHES, "list"],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(api.GET("/api/v1/search/subscriptions", { params: { query: { limit: 50, cursor } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useSavedSearch(id: string) {
  return useQuery({
    queryKey: [...SEARCHES, id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/search/subscriptions/{subscription_id}", {
          params: { path: { subscription_id: id } },
          signal,
        }),
      ),
  });
}

export function useSaving(done: () => void): UseMutationResult<Saved, Error, Wanted & Required<Pick<Wanted, "query">>> {
  const heard = useHeard(done);
  return useWrite((body, header) => api.POST("/api/v1/search/subscriptions", { params: { header }, body }), heard);
}

/** Changes one as it was seen; what it is now is asked for where somebody was faster. */
export function useEditing(
  id: string,
  done: () => void,
): UseMutationResult<Saved, Error, Wanted & { version: number }> {
  const client = useQueryClient();
  const heard = useHeard(done);
  return useWrite(async ({ version, ...body }, once) => {
    const header = { ...once, ...seen(version) };
    const asked = await api.PATCH("/api/v1/search/subscriptions/{subscription_id}", {
      params: { path: { subscription_id: id }, header },
      body,
    });
    if (asked.response.status === 412) await client.invalidateQueries({ queryKey: SEARCHES });
    return asked;
  }, heard);
}

export function useRemoving(): UseMutationResult<null, Error, string> {
  const heard = useHeard();
  return useWrite(
    (id, header) =>
      api.DELETE("/api/v1/search/subscriptions/{subscription_id}", {
        params: { path: { subscription_id: id }, header },
      }),
    heard,
  );
}

/** Lists are asked for anew after every change. */
function useHeard(done?: () => void) {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: SEARCHES });
    done?.();
  };
}
