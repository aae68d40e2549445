import { expect, it } from "vitest";

import { changesOf } from "./changes";

it("only what differs is a change, and what is within an object has its path", () => {
  const before = { title: "甲", organization: { name: "乙", credit_code: null }, industry: ["氢能"] };
  const after = { title: "甲", organization: { name: "丙", credit_code: "9" }, industry: ["氢能", "新材料"] };
  expect(changesOf(before, after)).toEqual([
    { path: "organization.name", before: "乙", after: "丙" },
    { path: "industry", before: "氢能", after: "氢能、新材料" },
    { path: "organization.credit_code", before: "（空）", after: "9" },
  ]);
});

it("an object that is gone is its parts, which are", () => {
  expect(changesOf({ contact: { phone_masked: "0513****8888" } }, { contact: null })).toEqual([
    { path: "contact.phone", before: "0513****8888", after: "（空）" },
  ]);
});
