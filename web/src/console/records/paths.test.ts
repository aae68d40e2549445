import { expect, it } from "vitest";

import { pathOf } from "./paths";

it("whatever a city calls a record, it is one part of the address", () => {
  expect(pathOf("suzhou/policy/a/b ?c")).toBe("/records/suzhou/policy/a%2Fb%20%3Fc");
});
