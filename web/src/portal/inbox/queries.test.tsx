import { focusManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { wire } from "../../api/client";
import { begin } from "../../shared/session/session";
import { useNewest } from "./queries";

const within = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
);
const session = { access_token: "t", token_type: "Bearer", expires_in: 900, user: { id: "u-1" } };
let unread = 0;

beforeEach(() => {
  vi.useFakeTimers();
  unread = 0;
  begin(session as Parameters<typeof begin>[0]);
  vi.spyOn(wire, "send").mockImplementation(() =>
    Promise.resolve(new Response(JSON.stringify({ items: [], next_cursor: null, unread: ++unread }))),
  );
});

afterEach(() => {
  cleanup();
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

it("what has come is known after half a minute, without anybody doing anything", async () => {
  const { result } = renderHook(useNewest, { wrapper: within });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(result.current.data?.unread).toBe(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(result.current.data?.unread).toBe(2);
});

it("a page that nobody looks at asks nothing, and asks at once when somebody is back", async () => {
  const { result } = renderHook(useNewest, { wrapper: within });
  await vi.advanceTimersByTimeAsync(1_000);
  focusManager.setFocused(false);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(unread).toBe(1);
  focusManager.setFocused(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(result.current.data?.unread).toBe(2);
});
