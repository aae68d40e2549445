/** Requests of whoever is logged in: with their token, and again with a new one where the old one has ended. */
import { accessToken, current, isExpiring, refresh, subscribe } from "./session";

/** What the cookie or a code speaks for, and no token. */
const WITHOUT_TOKEN = /^\/api\/v1\/accounts\/(refresh|act-as|logout|device-logins(\/.*)?)$/;

/** `begun` is over once it is known who is logged in. */
export function sending(begun: Promise<void>): (request: Request) => Promise<Response> {
  return async (request) => {
    if (WITHOUT_TOKEN.test(new URL(request.url).pathname)) return fetch(request);
    await begun;
    if (isExpiring()) await refresh();
    const repeat = request.clone();
    const used = accessToken();
    const response = await fetch(signed(request, used));
    if (response.status !== 401 || current().is === "out") return response;
    // Another request may have refreshed meanwhile.
    if (current().is === "in" && accessToken() === used) await refresh();
    // What was being done waits for whoever did it, and is then done.
    await back(request.signal);
    if (current().is !== "in") return response;
    await response.body?.cancel(); // nobody reads it, and unread it would hold its connection
    return fetch(signed(repeat, accessToken()));
  };
}

function signed(request: Request, token: string | null): Request {
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

/** Once somebody is back or has left for good, or the page no longer wants the answer. */
function back(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (current().is !== "again") {
      resolve();
      return;
    }
    const done = subscribe(({ is }) => {
      if (is === "again") return;
      done();
      resolve();
    });
    signal.addEventListener("abort", () => {
      done();
      resolve();
    });
  });
}
