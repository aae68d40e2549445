/** A search in words, as people read what they saved. */
import { type Filters, SEVERAL } from "../search/filters";
import { placeWords, SETS } from "../search/names";

type Name = (set: (typeof SETS)[keyof typeof SETS], value: string) => string;

/** `“涂层”，地区：苏州、南京，最新在前`; everything, where nothing is asked for. */
export function wordsOf(filters: Filters, name: Name): string {
  const several = SEVERAL.filter((each) => filters[each].length > 0).map((each) =>
    filters[each].map((value) => name(SETS[each], value)).join("、"),
  );
  const said = [filters.q && `“${filters.q}”`, ...several, placeWords(filters)].filter(Boolean);
  return said.join("；") || "全部内容";
}
