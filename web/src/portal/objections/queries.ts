/** One's own objections at the API. */
import { type UseMutationResult, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api, type View } from "../../api/client";
import { type Objection, OBJECTIONS } from "../../shared/objections";
import { useWrite } from "../../shared/writing";

export function useOwnObjections() {
  return useInfiniteQuery({
    queryKey: [...OBJECTIONS, "own"],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(api.GET("/api/v1/sync/objections", { params: { query: { mine: true, limit: 50, cursor } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One's newest to a record. */
export function useObjectionTo(recordId: string) {
  return useQuery({
    queryKey: [...OBJECTIONS, recordId],
    queryFn: async ({ signal }) => {
      const query = { mine: true, record_id: recordId, limit: 1 };
      const page = await answer(api.GET("/api/v1/sync/objections", { params: { query }, signal }));
      return page.items[0] ?? null;
    },
  });
}

export function useObjecting(): UseMutationResult<Objection, Error, View<"NewObjection">> {
  const client = useQueryClient();
  return useWrite(
    (body, header) => api.POST("/api/v1/sync/objections", { params: { header }, body }),
    () => void client.invalidateQueries({ queryKey: OBJECTIONS }),
  );
}
