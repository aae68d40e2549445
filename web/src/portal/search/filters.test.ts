import { describe, expect, it } from "vitest";

import { asked, cleared, read, savedQuery, toggled, written } from "./filters";

const ADDRESS = "q=%E6%B6%82%E5%B1%82&jurisdiction=suzhou%2Cnanjing&sort=newest";
const filters = read(new URLSearchParams(ADDRESS));

describe("the filters of a search", () => {
  it("come back from the address as they went into it", () => {
    expect(new URLSearchParams(written(filters)).toString()).toBe(
      "jurisdiction=suzhou%2Cnanjing&q=%E6%B6%82%E5%B1%82&sort=newest",
    );
    expect(read(new URLSearchParams(written(filters)))).toEqual(filters);
  });

  it("leave nothing in the address that is not set", () => {
    expect(written(read(new URLSearchParams("q=+&kind=&sort=relevance")))).toEqual({});
  });

  it("take a sort that nobody knows for none", () => {
    expect(read(new URLSearchParams("sort=constructor")).sort).toBe("relevance");
  });

  it("hold several values of one kind, each taken out by choosing it again", () => {
    const less = toggled(filters, "jurisdiction", "suzhou");
    expect(less.jurisdiction).toEqual(["nanjing"]);
    expect(toggled(less, "jurisdiction", "suzhou").jurisdiction).toEqual(["nanjing", "suzhou"]);
  });

  it("keep a place on the map that a search was saved with, and save it again", () => {
    const saved = { q: "涂层", near: "120.5,31.2", radius: 2000, sort: "distance", kind: "policy,event", limit: 50 };
    const again = read(asked(saved));
    expect(written(again)).toEqual({
      q: "涂层",
      near: "120.5,31.2",
      radius: "2000",
      sort: "distance",
      kind: "policy,event",
    });
    const query = savedQuery(again);
    expect([query.near, query.radius, query.sort, query.kind]).toEqual([
      [120.5, 31.2],
      2000,
      "distance",
      ["policy", "event"],
    ]);
    expect(written(cleared(again))).toEqual({ q: "涂层" });
  });

  it("keep the words when they are cleared", () => {
    expect(written(cleared(filters))).toEqual({ q: "涂层" });
  });
});
