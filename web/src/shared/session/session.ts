/**
 * Who is logged in here. The access token is in memory alone; the refresh token is a cookie that no script reads.
 *
 * `unknown` until the first answer; `again` when a session ended by itself while somebody was at work: what they see and
 * wrote stays in the page, hidden, until the same person is back.
 */
import { answer, api, Problem, type View } from "../../api/client";
import { forgetActivity, isKept, noteActivity } from "./activity";

export type User = View<"UserView">;
type Ended = "idle" | "ended";
export type Standing =
  { is: "unknown" } | { is: "out" } | { is: "in"; user: User } | { is: "again"; user: User; why: Ended };

/** What goes with the requests that the cookie speaks for: no form of another site can send it. */
export const OWN_PAGE = { "X-Requested-With": "huning-web" } as const;
const SOON_MS = 30_000;
const RENEWED_EVERY_MS = 10 * 60_000;

interface Token {
  access: string;
  begun: number;
  until: number;
}

let standing: Standing = { is: "unknown" };
let token: Token | null = null;
let refreshing: Promise<void> | null = null;
const listeners = new Set<(now: Standing, before: Standing) => void>();

export function current(): Standing {
  return standing;
}

export function accessToken(): string | null {
  return token?.access ?? null;
}

export function subscribe(listener: (now: Standing, before: Standing) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Standing): void {
  const before = standing;
  standing = next;
  for (const listener of [...listeners]) listener(next, before);
}

/** A login or a refresh was answered. Another person than before finds nothing of the one before. */
export function begin(view: View<"BrowserSessionView">, now = Date.now()): void {
  const before = "user" in standing ? standing.user.id : view.user.id;
  token = { access: view.access_token, begun: now, until: now + view.expires_in * 1000 };
  noteActivity(now);
  if (before === view.user.id) become({ is: "in", user: view.user });
  else window.location.reload();
}

/** The session has ended by itself. */
export function lapse(why: Ended): void {
  token = null;
  forgetActivity();
  if (standing.is === "in") become({ is: "again", user: standing.user, why });
  else if (standing.is === "unknown") become({ is: "out" });
}

/** Nobody is logged in, and whoever was does not come back to what they did. */
export function leave(): void {
  token = null;
  forgetActivity();
  become({ is: "out" });
}

/** Asks, at the start of a page, whether somebody is logged in in this browser. A visitor costs no request. */
export async function start(): Promise<void> {
  if (!isKept()) become({ is: "out" });
  // Who cannot be asked for now is a visitor for now.
  else await refresh().catch(leaveForNow);
}

function leaveForNow(): void {
  if (standing.is === "unknown") become({ is: "out" });
}

/** A new access token by the cookie, or a session that has lapsed. Throws what `answer` throws where neither is known. */
export function refresh(): Promise<void> {
  refreshing ??= alone(renew).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Before the token of somebody who is at work expires: they may read or write for long without asking anything. */
export async function keepUp(now = Date.now()): Promise<void> {
  if (standing.is === "in" && token && now - token.begun > RENEWED_EVERY_MS) await refresh().catch(() => undefined);
}

/** Whether the token will not last until an answer. */
export function isExpiring(now = Date.now()): boolean {
  return token !== null && token.until - now < SOON_MS;
}

async function renew(): Promise<void> {
  try {
    const view = await answer(api.POST("/api/v1/accounts/refresh", { params: { header: OWN_PAGE }, body: {} }));
    begin(view);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    lapse("ended");
  }
}

/** One tab at a time: each refresh token works once. Where the browser has no locks, the API takes two within ten seconds. */
async function alone(work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks) await locks.request("huning-refresh", work);
  else await work();
}
