/** A WeChat mini-program's way to the API, by `wx.request`, and its storage. */
import type { Kept, Store } from "./session.js";
import type { Received, Sent, Transport } from "./transport.js";

type Method = "OPTIONS" | "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "TRACE" | "CONNECT";

interface Options {
  url: string;
  method: Method;
  header: Record<string, string>;
  data?: string | ArrayBuffer;
  timeout: number;
  dataType: string;
  responseType: "text";
  success: (answer: { statusCode: number; data: unknown; header: object }) => void;
  fail: (reason: { errMsg: string }) => void;
}

/** What of `wx` is used to ask. */
export interface WxRequest {
  request(options: Options): { abort(): void };
}

/** What of `wx` is used to keep the session. */
export interface WxStorage {
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): void;
  removeStorageSync(key: string): void;
}

/** More than the gateway waits for a service. */
const TIMEOUT_MS = 40_000;

/** `wx.request`. It knows no PATCH: the API takes a POST that says it is one. */
export function wxTransport(wx: WxRequest): Transport {
  return (sent) =>
    new Promise((resolve, reject) => {
      const task = wx.request({
        url: sent.url,
        ...meant(sent),
        ...(sent.body !== undefined && { data: sent.body }),
        timeout: TIMEOUT_MS,
        dataType: "text", // anything but "json": what came is read by the client, which looks at more than its body
        responseType: "text",
        success: ({ statusCode, data, header }) => {
          resolve(received(statusCode, data, header));
        },
        fail: ({ errMsg }) => {
          reject(failure(errMsg, sent.signal));
        },
      });
      sent.signal?.addEventListener("abort", () => {
        task.abort();
      });
    });
}

function meant({ method, headers }: Sent): { method: Method; header: Record<string, string> } {
  if (method !== "PATCH") return { method, header: headers };
  return { method: "POST", header: { ...headers, "x-http-method-override": "PATCH" } };
}

/** Phones differ in the case of the names of headers. */
function received(status: number, data: unknown, header: object): Received {
  const headers = new Map(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return {
    status,
    headers: { get: (name) => headers.get(name.toLowerCase()) ?? null },
    text: () => Promise.resolve(typeof data === "string" ? data : ""),
  };
}

function failure(said: string, signal?: AbortSignal): Error {
  const error = new Error(said);
  if (signal?.aborted) error.name = "AbortError";
  return error;
}

/** The session in the mini-program's storage, so that a cold start goes on with it. */
export function wxStore(wx: WxStorage, key = "huning-session"): Store {
  return {
    load: () => {
      const kept = wx.getStorageSync(key); // "" where there is none
      return kept ? (kept as Kept) : null;
    },
    save: (kept) => {
      if (kept) wx.setStorageSync(key, kept);
      else wx.removeStorageSync(key);
    },
  };
}
