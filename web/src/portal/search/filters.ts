/** The filters of a search as they stand in the address: a link shows a colleague the same, and "back" undoes one step. */

/** Each takes several values, separated by commas, as the API does. */
export const SEVERAL = ["type", "board", "list", "jurisdiction", "kind", "industry", "status", "tense"] as const;
export const SORTS = { relevance: "相关度", newest: "最新", deadline: "截止时间" } as const;

export type Filter = (typeof SEVERAL)[number];
export type Sort = keyof typeof SORTS;
export type Filters = Record<Filter, string[]> & { q: string; sort: Sort };

export function read(address: URLSearchParams): Filters {
  const several = SEVERAL.map((name) => [name, (address.get(name) ?? "").split(",").filter(Boolean)]);
  const sort = address.get("sort");
  return {
    ...(Object.fromEntries(several) as Record<Filter, string[]>),
    q: address.get("q")?.trim() ?? "",
    sort: isSort(sort) ? sort : "relevance",
  };
}

export function isSort(word: string | null): word is Sort {
  return word !== null && Object.hasOwn(SORTS, word);
}

/** What the address and the API are told: nothing that is not set. */
export function written(filters: Filters): Record<string, string> {
  const all = { ...Object.fromEntries(SEVERAL.map((name) => [name, filters[name].join(",")])), q: filters.q };
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
