import { expect, it, vi } from "vitest";

import { answer, api, Problem, Unreachable } from "./client";

const HOME = () => answer(api.GET("/api/v1/search/home"));

function answering(status: number, body: string, headers: Record<string, string> = {}): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status, headers })));
}

it("a refusal becomes a problem with all that the API said", async () => {
  const told = {
    status: 503,
    code: "upstream_unavailable",
    title: "服务暂时不可用",
    detail: "请稍后重试",
    request_id: "r",
  };
  answering(503, JSON.stringify(told), { "Content-Type": "application/problem+json", "Retry-After": "2" });
  const problem = await HOME().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  const { status, code, title, detail } = told;
  expect(problem).toMatchObject({ status, code, title, detail, requestId: "r", retryAfter: 2, passes: true });
});

it("an answer of somebody in between, which is no problem of ours, is still said in words", async () => {
  answering(502, "<html>bad gateway", { "Content-Type": "text/html" });
  await expect(HOME()).rejects.toMatchObject({ status: 502, code: "unknown", title: "服务没有正常应答" });
});

it("where nobody answers, that is said", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(HOME()).rejects.toBeInstanceOf(Unreachable);
});
