import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it } from "vitest";

import { useWrite } from "./writing";

const within = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
);

/** What was sent: the input and its key; the answers are given in turn, `null` for a line that breaks. */
function writing(statuses: (number | null)[]) {
  const sent: [string, string][] = [];
  const { result } = renderHook(
    () =>
      useWrite((input: string, header) => {
        sent.push([input, header["Idempotency-Key"]]);
        const status = statuses.shift();
        if (status == null) return Promise.reject(new TypeError("Failed to fetch"));
        const response = new Response(null, { status, headers: { "Retry-After": "0.001" } });
        return Promise.resolve(status < 300 ? { data: "done", response } : { error: { status }, response });
      }),
    { wrapper: within },
  );
  const write = (input: string) =>
    act(async () => {
      await result.current.mutateAsync(input).catch((error: unknown) => error);
    });
  return { sent, write };
}

const keys = (sent: [string, string][]) => new Set(sent.map(([, key]) => key)).size;

it("the same write is repeated under the same key until its outcome is known", async () => {
  const { sent, write } = writing([503, 500, 200]);
  await write("approve");
  await write("approve");
  expect(sent).toHaveLength(3);
  expect(keys(sent)).toBe(1);
});

it.each([200, 409])("after an outcome such as %d the same words are another intent", async (status) => {
  const { sent, write } = writing([status, 200]);
  await write("approve");
  await write("approve");
  expect(keys(sent)).toBe(2);
});

it("another input is another write", async () => {
  const { sent, write } = writing([500, 500]);
  await write("approve");
  await write("return");
  expect(keys(sent)).toBe(2);
});
