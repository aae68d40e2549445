/** The filters of a search as they stand in the address: a link shows a colleague the same, and "back" undoes one step. */

import type { View } from "../../api/client";

/** Each takes several values, separated by commas, as the API does. */
export const SEVERAL = ["type", "board", "list", "jurisdiction", "kind", "industry", "status", "tense"] as const;
export const SORTS = { relevance: "相关度", newest: "最新", deadline: "截止时间", distance: "距离" } as const;
/** A place on the map: no part of this page sets it, and a search that was saved elsewhere may ask for it. */
const PLACE = ["bbox", "near", "radius"] as const;

export type Filter = (typeof SEVERAL)[number];
export type Sort = keyof typeof SORTS;
type Place = Partial<Record<(typeof PLACE)[number], string>>;
export type Filters = Record<Filter, string[]> & { q: string; sort: Sort; place: Place };

export function read(address: URLSearchParams): Filters {
  const several = SEVERAL.map((name) => [name, (address.get(name) ?? "").split(",").filter(Boolean)]);
  const sort = address.get("sort");
  return {
    ...(Object.fromEntries(several) as Record<Filter, string[]>),
    q: address.get("q")?.trim() ?? "",
    sort: isSort(sort) ? sort : "relevance",
    place: Object.fromEntries(PLACE.flatMap((name) => (address.get(name) ? [[name, address.get(name)]] : []))),
  };
}

export function isSort(word: string | null): word is Sort {
  return word !== null && Object.hasOwn(SORTS, word);
}

/** What the address and the API are told: nothing that is not set. */
export function written(filters: Filters): Record<string, string> {
  const several = Object.fromEntries(SEVERAL.map((name) => [name, filters[name].join(",")]));
  const all = { ...several, q: filters.q, ...filters.place };
  const set = Object.entries(all).filter(([, value]) => value !== "");
  return Object.fromEntries(filters.sort === "relevance" ? set : [...set, ["sort", filters.sort]]);
}

/** With this value where it was not, without it where it was. */
export function toggled(filters: Filters, name: Filter, value: string): Filters {
  const had = filters[name];
  return { ...filters, [name]: had.includes(value) ? had.filter((each) => each !== value) : [...had, value] };
}

/** Nothing but the words. */
export function cleared(filters: Filters): Filters {
  return { ...read(new URLSearchParams()), q: filters.q };
}

/** The same search as it is saved. */
export function savedQuery(filters: Filters): View<"SavedQuery"> {
  const several = Object.fromEntries(SEVERAL.map((name) => [name, filters[name]])) as Record<Filter, string[]>;
  const { bbox, near, radius } = filters.place;
  return {
    ...several,
    q: filters.q,
    ...(filters.sort !== "relevance" && { sort: filters.sort }),
    ...(bbox && { bbox: numbers(bbox) as [number, number, number, number] }),
    ...(near && { near: numbers(near) as [number, number] }),
    ...(radius && { radius: Number(radius) }),
  };
}

/** The parameters of a saved search in the address of its results. How long its pages were is not asked for again. */
export function asked(query: View<"SubscriptionView">["query"]): URLSearchParams {
  const given = Object.entries(query).filter(([name]) => name !== "limit");
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

function numbers(listed: string): number[] {
  return listed.split(",").map(Number);
}
