/** How pages ask: what is asked again by itself, after how long, and how fresh is fresh enough. */
import { QueryClient } from "@tanstack/react-query";

import { Problem, Unreachable } from "../api/client";

const LONGEST_WAIT_SECONDS = 60;

export function asksAgain(failures: number, error: Error): boolean {
  if (error instanceof Problem) return error.passes && failures < 4;
  return error instanceof Unreachable && failures < 2;
}

/** Milliseconds: as long as the API said, otherwise a little longer each time. */
export function waits(failures: number, error: Error): number {
  const told = error instanceof Problem ? error.retryAfter : null;
  return 1000 * Math.min(told ?? 2 ** failures, LONGEST_WAIT_SECONDS);
}

export function queries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30_000, retry: asksAgain, retryDelay: waits, refetchOnWindowFocus: false },
    },
  });
}

/** Whether a write waits for the network. */
export function isWaiting(client: QueryClient): boolean {
  const writes = client.getMutationCache().getAll();
  return writes.some(({ state }) => state.isPaused);
}
