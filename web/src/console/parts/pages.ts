/** Lists of the API, page after page. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { answer, type Asked } from "../../api/client";

export interface Paged<Item> {
  items: Item[];
  next_cursor?: string | null;
}

interface Place {
  limit: number;
  cursor: string | null;
}

const PAGE = 50;

/** `key` names the list and its filters. */
export function usePages<Item>(
  key: readonly unknown[],
  ask: (query: Place, signal: AbortSignal) => Promise<Asked<Paged<Item>>>,
  every?: number,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam: cursor, signal }) => answer(ask({ limit: PAGE, cursor }, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 5_000, // colleagues work on the same lists
    ...(every !== undefined && { refetchInterval: every }),
  });
}

/** The page of a list that the API also gives as a file, of which the contract says either. */
export async function asPage<Item>(asked: Promise<Asked<unknown>>): Promise<Asked<Paged<Item>>> {
  return (await asked) as Asked<Paged<Item>>;
}
