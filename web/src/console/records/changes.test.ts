import { expect, it } from "vitest";

import { changesOf, flat } from "./changes";

const RECORD = {
  jurisdiction: "nantong",
  kind: "platform",
  source_id: "NT-1",
  title: "中试平台",
  industry: ["氢能"],
  organization: { name: "甲所", credit_code: null },
  details: {},
  batch_id: "1",
  updated_at: "2026-11-01T00:00:00.000Z",
  version: 1,
} as Parameters<typeof flat>[0];

it("a record is shown by the fields that hold something", () => {
  expect(flat(RECORD)).toEqual({
    source_id: "NT-1",
    title: "中试平台",
    industry: "氢能",
    "organization.name": "甲所",
  });
});

it("two states differ in what a city changed, and not in where they come from", () => {
  const after = { ...RECORD, version: 2, batch_id: "2", industry: ["氢能", "光伏"], address: "崇川区" };
  expect(changesOf(RECORD, after)).toEqual([
    { field: "industry", from: "氢能", to: "氢能、光伏" },
    { field: "address", from: "（无）", to: "崇川区" },
  ]);
});
