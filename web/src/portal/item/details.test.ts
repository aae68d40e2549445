import { expect, it } from "vitest";

import { detailsOf } from "./details";

const NAMES: Record<string, string> = { "details.fund_size_fen": "基金规模", "details.starts_at": "开始时间" };
const field = (path: string): string => NAMES[path] ?? path;

it("an amount in another currency is not shown as yuan", () => {
  expect(detailsOf({ fund_size_fen: 1e9, fund_size_currency: "USD" }, field)).toEqual([["基金规模", "1,000 万 USD"]]);
});

it("known details have their names and units, and a city's own stay as they are", () => {
  const details = {
    fund_size_fen: 5e9,
    starts_at: "2027-01-01T01:00:00Z",
    开放: true,
    sectors: ["氢能", "芯片"],
    别的: { a: 1 },
  };
  expect(detailsOf(details, field)).toEqual([
    ["基金规模", "5,000 万元"],
    ["开始时间", "2027-01-01 09:00"],
    ["开放", "是"],
    ["sectors", "氢能、芯片"],
    ["别的", '{"a":1}'],
  ]);
});
