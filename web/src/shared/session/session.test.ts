import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

import { IDLE_MS, isKept, noteActivity } from "./activity";

const ME = { id: "u-1", roles: [], organization: null, organizations: [], application: null };
const SUBMIT = "http://localhost/api/v1/challenges";

/** Answers of the API by path; what was asked of it, as `path token`. */
function serving(answers: Record<string, (token: string | null) => Response>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1/", "");
    const token = request.headers.get("Authorization");
    asked.push(`${path} ${token ?? "-"}`);
    return Promise.resolve(answers[path]?.(token) ?? new Response("{}", { status: 404 }));
  });
  return asked;
}

function tokens(access: string, user = ME): Response {
  return Response.json({ access_token: access, token_type: "Bearer", expires_in: 900, user });
}

const refused = (): Response => Response.json({ code: "token_expired" }, { status: 401 });
const onlyFor = (good: string) => (token: string | null) =>
  token === `Bearer ${good}` ? Response.json({}) : refused();

/** A page that was just opened: nothing in memory. */
async function opened() {
  vi.resetModules();
  const session = await import("./session");
  const { sending } = await import("./sending");
  return { ...session, send: sending(session.start()) };
}

beforeEach(() => {
  localStorage.clear();
});

it("a visitor asks nothing about a session, and sends no token", async () => {
  const asked = serving({ search: () => Response.json({}) });
  const page = await opened();
  await page.send(new Request("http://localhost/api/v1/search"));
  expect(page.current()).toEqual({ is: "out" });
  expect(asked).toEqual(["search -"]);
});

it("who was logged in before is again by the cookie, before the first question is asked", async () => {
  noteActivity();
  const asked = serving({ "accounts/refresh": () => tokens("new"), search: () => Response.json({}) });
  const page = await opened();
  await page.send(new Request("http://localhost/api/v1/search"));
  expect(asked).toEqual(["accounts/refresh -", "search Bearer new"]);
});

it("of many whose token has ended one refreshes, and each is sent again once", async () => {
  noteActivity();
  let at = 0;
  const asked = serving({ "accounts/refresh": () => tokens(`t${at++}`), challenges: onlyFor("t1") });
  const page = await opened();
  const answers = await Promise.all(
    [1, 2, 3].map(() => page.send(new Request(SUBMIT, { method: "POST", body: "{}" }))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(asked.filter((each) => each.startsWith("accounts/refresh"))).toHaveLength(2);
  expect(asked.filter((each) => each === "challenges Bearer t1")).toHaveLength(3);
});

it("a write waits for its author, with its body and its key, and is then done", async () => {
  noteActivity();
  const bodies: string[] = [];
  let lasts = true;
  serving({ "accounts/refresh": () => (lasts ? tokens("old") : refused()), challenges: onlyFor("new") });
  const through = fetch;
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.url === SUBMIT)
      bodies.push(`${request.headers.get("Idempotency-Key") ?? ""} ${await request.clone().text()}`);
    return through(request);
  });
  const page = await opened();
  await vi.waitFor(() => {
    expect(page.current().is).toBe("in");
  });
  lasts = false;
  const written = page.send(
    new Request(SUBMIT, { method: "POST", body: '{"title":"涂层"}', headers: { "Idempotency-Key": "k" } }),
  );
  await vi.waitFor(() => {
    expect(page.current()).toMatchObject({ is: "again", why: "ended" });
  });
  page.begin({ access_token: "new", token_type: "Bearer", expires_in: 900, user: ME });
  expect((await written).status).toBe(200);
  expect(bodies).toEqual(['k {"title":"涂层"}', 'k {"title":"涂层"}']);
});

it("another person who logs in gets a page of their own, and nothing of what waited is done as them", async () => {
  noteActivity();
  const reload = vi.fn();
  vi.stubGlobal("location", { href: SUBMIT, origin: "http://localhost", reload });
  serving({ "accounts/refresh": () => tokens("old") });
  const page = await opened();
  await vi.waitFor(() => {
    expect(page.current().is).toBe("in");
  });
  page.lapse("ended");
  page.begin({ access_token: "other", token_type: "Bearer", expires_in: 900, user: { ...ME, id: "u-2" } });
  expect(reload).toHaveBeenCalledOnce();
  expect(page.current().is).toBe("again");
});

it("half an hour without a hand on any tab ends the session, here and at the API", async () => {
  noteActivity();
  const asked = serving({ "accounts/refresh": () => tokens("old"), "accounts/logout": () => Response.json({}) });
  const page = await opened();
  const { endWhenIdle } = await import("./leaving");
  await vi.waitFor(() => {
    expect(page.current().is).toBe("in");
  });
  await endWhenIdle();
  expect(page.current().is).toBe("in");
  localStorage.setItem("huning-active-at", String(Date.now() - IDLE_MS));
  await endWhenIdle();
  expect(page.current()).toMatchObject({ is: "again", why: "idle" });
  expect(page.accessToken()).toBeNull();
  expect(asked.at(-1)).toBe("accounts/logout -");
  expect(isKept()).toBe(false);
});

it("what somebody was shown is gone once they leave", async () => {
  noteActivity();
  serving({ "accounts/refresh": () => tokens("new") });
  vi.resetModules();
  const { beginSession } = await import("./index");
  const { current, leave } = await import("./session");
  const seen = new QueryClient();
  beginSession(seen);
  await vi.waitFor(() => {
    expect(current().is).toBe("in");
  });
  seen.setQueryData(["claims"], "theirs");
  leave();
  await vi.waitFor(() => {
    expect(seen.getQueryData(["claims"])).toBeUndefined();
  });
});
