import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Problem, Unreachable } from "../api/client";
import { Answer } from "./Answer";
import { asksAgain, waits } from "./queries";

const BUSY = new Problem(429, "too_many_requests", "请求过于频繁", "请求过于频繁，请稍候。", "r-1", 7);
const GONE = new Problem(404, "not_found", "未找到", "没有找到您要的内容，请核对地址后重试。", "r-2", null);

function Page({ ask }: { ask: () => Promise<string> }) {
  const query = useQuery({ queryKey: ["it"], queryFn: ask, retry: asksAgain, retryDelay: waits });
  return (
    <Answer of={query} outline={<i>outline</i>}>
      {(body) => <b>{body}</b>}
    </Answer>
  );
}

function shown(ask: () => Promise<string>): void {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Page ask={ask} />
    </QueryClientProvider>,
  );
}

it("a refusal is told in the API's own words, with the request's number, and can be tried again", async () => {
  let refused = true;
  shown(() => (refused ? Promise.reject(GONE) : Promise.resolve("there")));
  const fault = await screen.findByRole("alert");
  expect(fault.textContent).toContain(GONE.detail);
  expect(fault.textContent).toContain("r-2");
  refused = false;
  await userEvent.click(screen.getByRole("button", { name: "重试" }));
  expect(await screen.findByText("there")).toBeTruthy();
});

it("who asks too often is told how long the page waits", async () => {
  shown(() => Promise.reject(BUSY));
  expect((await screen.findByRole("status")).textContent).toBe("请求过于频繁，请稍候。（7 秒后自动重试）");
});

it("what passes is asked again as told, and what does not pass is not", () => {
  expect([asksAgain(0, BUSY), asksAgain(4, BUSY), asksAgain(0, GONE), asksAgain(1, new Unreachable())]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect([waits(0, BUSY), waits(2, new Unreachable())]).toEqual([7_000, 4_000]);
});
