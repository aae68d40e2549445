import { expect, it } from "vitest";

import { pathOf, searchFor } from "./paths";

it("an item's address takes whatever a city numbers its records by", () => {
  expect(pathOf({ type: "record", id: "suzhou/institution/a/b ?#1" })).toBe(
    "/items/suzhou/institution/a%2Fb%20%3F%231",
  );
  expect(pathOf({ type: "challenge", id: "0198" })).toBe("/challenges/0198");
});

it("a search with one filter", () => {
  expect(searchFor("board", "policy")).toBe("/search?board=policy");
});
