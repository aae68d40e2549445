// @vitest-environment node
import { beforeEach, expect, it, vi } from "vitest";

import { answer, connect, type Kept, Problem, type Received, type Sent } from "../src";

const USER = { id: "u-1", roles: [], organization: null, organizations: [], application: null };
const ME = "/api/v1/accounts/me";

let kept: Kept | null;
const store = { load: () => kept, save: (now: Kept | null) => void (kept = now) };

function pair(access: string) {
  return { access_token: access, refresh_token: `r-${access}`, token_type: "Bearer", expires_in: 900, user: USER };
}

/** Somebody logged in, and an API that takes the token `good`; what was asked of it, as `path token`. */
function connected(good: string, refresh: () => Response) {
  const asked: string[] = [];
  const ended = vi.fn();
  const transport = (sent: Sent): Promise<Received> => {
    const path = sent.url.replace("https://api.test/api/v1/accounts/", "");
    const token = sent.headers.authorization ?? "-";
    asked.push(`${path} ${token}`);
    if (path === "refresh") return Promise.resolve(refresh());
    if (path === "me" && token === `Bearer ${good}`) return Promise.resolve(Response.json({}));
    return Promise.resolve(Response.json({ code: "token_expired", title: "", detail: "" }, { status: 401 }));
  };
  return { asked, ended, ...connect({ baseUrl: "https://api.test/", transport, store, ended }) };
}

beforeEach(() => {
  kept = { access: "old", refresh: "r-old", until: Date.now() + 900_000, user: USER };
});

it("of many whose token is refused one refreshes, and each is sent again once", async () => {
  const { api, asked } = connected("new", () => Response.json(pair("new")));
  await Promise.all([1, 2, 3].map(() => answer(api.GET(ME))));
  expect(asked.filter((each) => each.startsWith("refresh"))).toEqual(["refresh -"]);
  expect(asked.filter((each) => each === "me Bearer new")).toHaveLength(3);
  expect(kept).toMatchObject({ access: "new", refresh: "r-new" });
});

it("a token that will not last is refreshed before it makes a visitor of its holder", async () => {
  if (kept) kept.until = Date.now() + 10_000;
  const { api, asked } = connected("new", () => Response.json(pair("new")));
  await answer(api.GET(ME));
  expect(asked).toEqual(["refresh -", "me Bearer new"]);
});

it("a request is sent again once, not for ever", async () => {
  const { api, asked } = connected("another", () => Response.json(pair("new")));
  await expect(answer(api.GET(ME))).rejects.toMatchObject({ status: 401, code: "token_expired" });
  expect(asked).toEqual(["me Bearer old", "refresh -", "me Bearer new"]);
});

it("a refused refresh ends the session, and says so", async () => {
  const { api, ended, session } = connected("new", () => Response.json({ code: "refresh_reused" }, { status: 401 }));
  await expect(answer(api.GET(ME))).rejects.toMatchObject({ code: "refresh_reused" });
  expect(ended).toHaveBeenCalledExactlyOnceWith(expect.any(Problem));
  expect(session.user).toBeNull();
});

it("a refresh that finds the API busy ends nothing", async () => {
  const { api, ended, session } = connected("new", () => Response.json({ code: "unavailable" }, { status: 503 }));
  await expect(answer(api.GET(ME))).rejects.toMatchObject({ status: 503 });
  expect(ended).not.toHaveBeenCalled();
  expect(session.user).toEqual(USER);
});

it("a visitor sends no token", async () => {
  kept = null;
  const { api, asked } = connected("new", () => Response.json({}));
  await answer(api.GET(ME)).catch(() => undefined);
  expect(asked).toEqual(["me -"]);
});
