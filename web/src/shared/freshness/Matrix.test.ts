import { expect, it } from "vitest";

import { toneOf } from "./Matrix";

const DAY = 86_400;

it.each([
  [1, 30, "fresh"],
  [21, 30, "ageing"],
  [5, 7, "ageing"],
  [31, 30, "stale"],
])("data of %s days, expected every %s, are %s", (age, days, tone) => {
  const list = { kind: "policy", records: 1, last_batch_at: "2026-11-01T00:00:00.000Z", rejected_share: 0 } as const;
  const shown = { ...list, age_seconds: age * DAY, expected_days: days, stale: age > days };
  expect(toneOf(shown)).toBe(tone);
});
