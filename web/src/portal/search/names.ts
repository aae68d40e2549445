/** What people call the filters' values, and a place on the map that a saved search may ask for. */
import { number } from "../../shared/format";
import type { Filters } from "./filters";

/** The set of names of each filter's values, as `labels` has them. */
export const SETS = {
  type: "item_types",
  board: "boards",
  list: "lists",
  jurisdiction: "jurisdictions",
  kind: "kinds",
  industry: "industries",
  status: "states",
  tense: "tenses",
} as const;

/** `某地点周围 2 公里内`; nothing, where no place is asked for. */
export function placeWords({ place }: Filters): string {
  const metres = Number(place.radius);
  const around = metres > 0 ? `选定地点周围 ${number(metres / 1000)} 公里内` : "选定地点附近";
  return [place.bbox && "地图上选定的范围", place.near && around].filter(Boolean).join("，");
}
