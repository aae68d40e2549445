/**
 * A mini-program, as far as the client can tell: the packed client and a stand-in for `wx` over Node's http.
 *
 *     node mini_program.mjs https://gateway '{"title": …}'      prints {"sent": […], …} as JSON
 */
import { Buffer } from "node:buffer";
import http from "node:http";

import { answer, connect, wxStore, wxTransport } from "huning-client";

// Mini-programs have none of these: who needs one fails here as there.
for (const name of ["fetch", "Request", "Response", "Headers", "FormData", "URL", "URLSearchParams", "crypto"])
  Object.defineProperty(globalThis, name, { value: undefined });

const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];
const sent = [];
const kept = new Map();
/** So many answers get lost on the way back. */
let lost = 0;

const wx = {
  request({ url, method = "GET", header, data, success, fail }) {
    if (!METHODS.includes(method)) throw new Error(`request:fail method is invalid: ${method}`);
    sent.push({
      method,
      path: url.replace(gateway, ""),
      key: header["idempotency-key"],
      as: header["x-http-method-override"],
    });
    const request = http.request(url, { method, headers: header }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => {
        if (lost-- > 0) fail({ errMsg: "request:fail socket closed" });
        else
          success({ statusCode: response.statusCode, data: Buffer.concat(parts).toString(), header: response.headers });
      });
    });
    request.on("error", ({ message }) => fail({ errMsg: `request:fail ${message}` }));
    request.end(data);
    return { abort: () => request.destroy(new Error("abort")) };
  },
  getStorageSync: (key) => kept.get(key) ?? "",
  setStorageSync: (key, value) => kept.set(key, JSON.parse(JSON.stringify(value))),
  removeStorageSync: (key) => kept.delete(key),
};

const [gateway, content] = process.argv.slice(2);
const { api, session, writes } = connect({ baseUrl: gateway, transport: wxTransport(wx), store: wxStore(wx) });
const user = await session.login("code:company-suzhou");

lost = 1;
const drafted = await writes.once("draft", (header) =>
  api.POST("/api/v1/challenges", { params: { header }, body: JSON.parse(content) }),
);
const edit = (body, more) => (header) =>
  api.PATCH("/api/v1/challenges/{challenge_id}", {
    params: { path: { challenge_id: drafted.id }, header: { ...header, ...more } },
    body,
  });
const edited = await writes.once("edit", edit({ title: "改过的标题" }, { "If-Match": `"${drafted.version}"` }));

const refused = await writes.once("wrong", edit({ period_months: "很久" })).catch((error) => error);
const stale = await writes.once("stale", edit({ title: "旧版本" }, { "If-Match": '"1"' })).catch((error) => error);

// The phone slept: the access token is no longer good.
wx.setStorageSync("huning-session", { ...wx.getStorageSync("huning-session"), access: "ended" });
const [me, again] = await Promise.all([
  answer(api.GET("/api/v1/accounts/me")),
  answer(api.GET("/api/v1/challenges/{challenge_id}", { params: { path: { challenge_id: drafted.id } } })),
]);
await session.logout();

const told = ({ status, code, detail, errors }) => ({ status, code, detail, errors });
process.stdout.write(
  JSON.stringify({
    sent,
    user,
    drafted,
    edited,
    again,
    me,
    refused: told(refused),
    stale: told(stale),
    kept: [...kept.keys()],
  }),
);
