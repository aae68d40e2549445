import { expect, it } from "vitest";

import { placeOf } from "./places";

it("a message leads to the page of what it is about", () => {
  expect(placeOf({ type: "challenge", id: "0198" })).toEqual({ path: "/challenges/0198" });
  expect(placeOf({ type: "record", id: "suzhou/policy/a b" })).toEqual({ path: "/items/suzhou/policy/a%20b" });
  expect(placeOf({ type: "objection", id: "0198" })).toEqual({ path: "/objections" });
  expect(placeOf({ type: "objection_to_answer", id: "0198" })).toEqual({
    path: "/console/objections/0198",
    elsewhere: true,
  });
  expect(placeOf({ type: "list", id: "suzhou/policy" })).toEqual({ path: "/console/freshness", elsewhere: true });
  expect(placeOf({ type: "batch", id: "../x" })).toEqual({ path: "/console/batches/..%2Fx", elsewhere: true });
});

it("a message about something that this page does not know leads nowhere", () => {
  expect(placeOf({ type: "javascript:alert(1)", id: "1" })).toBeNull();
});
