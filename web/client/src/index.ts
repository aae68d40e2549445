/** The client of the public API of 沿沪宁协同创新集市: see docs/client.md. */
import { createClient, type Client } from "./client.js";
import type { Problem } from "./problem.js";
import { Session, type Store } from "./session.js";
import type { Transport } from "./transport.js";
import { Writes } from "./writes.js";

export { createClient, type Client, type View } from "./client.js";
export { answer, type Asked, Problem, Unreachable } from "./problem.js";
export { Session, type Kept, type Store, type User } from "./session.js";
export { fetchTransport, type Received, type Sent, type Transport } from "./transport.js";
export { type Once, Writes } from "./writes.js";
export { wxStore, wxTransport, type WxRequest, type WxStorage } from "./wx.js";

export interface Connection {
  baseUrl: string;
  transport: Transport;
  store: Store;
  /** Called when the API has ended the session: log in anew. */
  ended?: (why: Problem) => void;
}

const ATTEMPTS = 3;

/** Client, session and writes that belong together. */
export function connect({ baseUrl, transport, store, ended }: Connection): {
  api: Client;
  session: Session;
  writes: Writes;
} {
  const session = new Session(baseUrl, transport, store, ended);
  return { api: createClient(baseUrl, session.send), session, writes: new Writes(ATTEMPTS) };
}
