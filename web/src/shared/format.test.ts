import { describe, expect, it } from "vitest";

import { day, money, number, outside, relative, time } from "./format";

describe("money", () => {
  it.each([
    [50, "0.5 元"],
    [999_999, "9,999.99 元"],
    [300_000_000, "300 万元"],
    [123_450_000_000, "12.35 亿元"],
  ])("%d fen are %s", (fen, shown) => {
    expect(money(fen)).toBe(shown);
  });
});

describe("times", () => {
  it("are Shanghai's, whatever the device's zone", () => {
    expect(time("2026-12-31T15:59:59.999Z")).toBe("2026-12-31 23:59");
    expect(day("2026-12-31T16:00:00.000Z")).toBe("2027-01-01");
  });

  it.each([
    ["2026-12-01T00:00:30Z", "刚刚"],
    ["2026-11-30T21:00:00Z", "3小时前"],
    ["2026-12-03T01:00:00Z", "后天"],
    ["2026-12-01T00:01:30Z", "马上"],
  ])("%s is %s", (instant, shown) => {
    expect(relative(instant, Date.parse("2026-12-01T00:01:00Z"))).toBe(shown);
  });
});

describe("an address that others gave", () => {
  it.each(["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "nonsense", "", null])(
    "is no link when it is %s",
    (address) => {
      expect(outside(address)).toBeNull();
    },
  );

  it("is one when a browser may simply go there", () => {
    expect(outside("https://kjj.example.cn/a?b=1")).toBe("https://kjj.example.cn/a?b=1");
  });
});

it("numbers are grouped", () => {
  expect(number(1234567)).toBe("1,234,567");
});
