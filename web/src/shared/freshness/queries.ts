/** How fresh every city's lists are. */
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "../../api/client";

export const FRESHNESS = ["freshness"];

export function useFreshness() {
  return useQuery({
    queryKey: FRESHNESS,
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/sync/jurisdictions", { params: { query: { limit: 100 } }, signal })),
  });
}
