/** What carries a request and its answer: `fetch`, `wx.request`, or whatever stands between them and the client. */

declare global {
  /** What both browsers and mini-programs with a controller of their own can hand over; merges with the DOM's. */
  interface AbortSignal {
    readonly aborted: boolean;
    addEventListener(type: "abort", listener: () => void): void;
  }
}

/** A request as it goes over the line. The names of the headers are in small letters. */
export interface Sent {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string | ArrayBuffer;
  signal?: AbortSignal;
}

/** An answer; the `Response` of a browser is one. */
export interface Received {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  /** `wx.request` has none where it gives text. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/** Rejects where no answer came, with an error named `AbortError` where the request was called off. */
export type Transport = (sent: Sent) => Promise<Received>;

/** `fetch`, of a browser or of Node. */
export function fetchTransport(fetch: (url: string, sent: Omit<Sent, "url">) => Promise<Received>): Transport {
  return ({ url, ...sent }) => fetch(url, sent);
}
