import { expect, it } from "vitest";

import { stand } from "./consents";

it("a consent is said in words that tell what will come", () => {
  expect(stand("one_time", 2)).toBe("已允许，还可收到 2 条");
  expect(stand("one_time", 0)).toBe("未允许或已用完，微信上收不到");
  expect(stand("long_term", 1)).toBe("已允许，长期有效");
  expect(stand("long_term", 0)).toBe("未允许，微信上收不到");
});
