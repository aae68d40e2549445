// @vitest-environment node
import { expect, it } from "vitest";

import { answer, createClient, Unreachable, wxTransport, type WxRequest } from "../src";

type Options = Parameters<WxRequest["request"]>[0];

function client(answering: (options: Options) => void) {
  const sent: Options[] = [];
  let aborted = 0;
  const request = (options: Options) => {
    sent.push(options);
    answering(options);
    return {
      abort: () => {
        aborted++;
        options.fail({ errMsg: "request:fail abort" });
      },
    };
  };
  return { sent, aborted: () => aborted, api: createClient("https://api.test", wxTransport({ request })) };
}

const done = ({ success }: Options) => {
  success({ statusCode: 200, data: "{}", header: {} });
};

it("a PATCH is a POST that says what it is, with its body and its key", async () => {
  const { api, sent } = client(done);
  const params = { path: { challenge_id: "a/b" }, header: { "Idempotency-Key": "k" } };
  await api.PATCH("/api/v1/challenges/{challenge_id}", { params, body: { title: "涂层" } });
  expect(sent[0]).toMatchObject({
    url: "https://api.test/api/v1/challenges/a%2Fb",
    method: "POST",
    header: { "x-http-method-override": "PATCH", "idempotency-key": "k", "content-type": "application/json" },
    data: '{"title":"涂层"}',
  });
});

it("parameters without a value are left out, several values are named again", async () => {
  const { api, sent } = client(done);
  await api.GET("/api/v1/search", { params: { query: { q: "氢 能", cursor: undefined, limit: 20 } } } as never);
  expect(sent[0]).toMatchObject({
    method: "GET",
    url: "https://api.test/api/v1/search?q=%E6%B0%A2%20%E8%83%BD&limit=20",
  });
});

it("a refusal is a problem, whatever the case of the phone's headers", async () => {
  const { api } = client(({ success }) => {
    const data = JSON.stringify({ code: "too_many_requests", title: "请求过多", detail: "请稍后" });
    success({ statusCode: 429, data, header: { "retry-after": "7" } });
  });
  await expect(answer(api.GET("/api/v1/labels"))).rejects.toMatchObject({ code: "too_many_requests", retryAfter: 7 });
});

it("where nobody answers, that is said, with what the phone said", async () => {
  const { api } = client(({ fail }) => {
    fail({ errMsg: "request:fail timeout" });
  });
  const failed = answer(api.GET("/api/v1/labels"));
  await expect(failed).rejects.toBeInstanceOf(Unreachable);
  await expect(failed).rejects.toThrow("request:fail timeout");
});

it("what is called off is no failure of the line", async () => {
  const { api, aborted } = client(() => undefined);
  const controller = new AbortController();
  const asked = answer(api.GET("/api/v1/labels", { signal: controller.signal }));
  controller.abort();
  await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  expect(aborted()).toBe(1);
});

it("an answer that is no JSON comes from somebody in between, whatever its status", async () => {
  const { api } = client(({ success }) => {
    success({ statusCode: 200, data: "<html>请登录本店网络", header: {} });
  });
  await expect(answer(api.GET("/api/v1/labels"))).rejects.toMatchObject({ code: "unknown" });
});
