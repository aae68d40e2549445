import { expect, it } from "vitest";

import { refuseMarkup } from "./trusted";

it("styles are let through, and nothing that could be markup", () => {
  expect(refuseMarkup(".a > .b { color: red }")).toBe(".a > .b { color: red }");
  expect(refuseMarkup("<img src=x onerror=alert(1)>")).toBeNull();
});
