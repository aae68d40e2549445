import { expect, it } from "vitest";

import { opens } from "./sections";

const someone = (role: string) => ({
  id: "u",
  roles: [{ role }],
  organization: null,
  organizations: [],
  application: null,
});

it.each([
  ["auditor", "/", true],
  ["auditor", "/audit", true],
  ["auditor", "/people/u-1", false],
  ["auditor", "/account", true],
  ["alliance_operator", "/batches/b-1", false],
  ["city_operator", "/batches/b-1", true],
  ["city_operator", "/lag", false],
])("whether the page of %s at %s opens: %s", (role, address, opened) => {
  expect(opens(someone(role), address)).toBe(opened);
});
