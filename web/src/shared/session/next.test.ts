import { expect, it } from "vitest";

import { loginFrom, ownAddress } from "./next";

const OURS = "https://market.example";

it.each([
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "\\\\evil.example",
  "https://evil.example/",
  "javascript:alert(1)",
  " /console/",
  "",
  null,
])("whoever logs in is never sent to %s", (next) => {
  expect(ownAddress(next, OURS)).toBe(`${OURS}/`);
});

it("a path that looks like another host stays on ours", () => {
  expect(ownAddress("/.//evil.example", OURS)).toBe(`${OURS}//evil.example`);
});

it("the login page leads back to where somebody was", () => {
  const login = loginFrom({ pathname: "/console/batches", search: "?state=failed" });
  const next = new URL(login, OURS).searchParams.get("next");
  expect(ownAddress(next, OURS)).toBe(`${OURS}/console/batches?state=failed`);
});
