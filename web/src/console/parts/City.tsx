/** Of which of their cities an operator sees things; most have one, and then there is nothing to choose. */
import type { ReactNode } from "react";

import type { View } from "../../api/client";
import { useNames } from "../../shared/labels";
import { citiesOf } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Filter, useFilter } from "./filters";

export type Jurisdiction = View<"Jurisdiction">;

/** The chosen city: one's first where the address names none of one's own. */
export function useCity(): Jurisdiction {
  const cities = citiesOf(useUser()) as Jurisdiction[];
  const [asked] = useFilter("jurisdiction");
  const chosen = cities.find((city) => city === asked) ?? cities[0];
  if (!chosen) throw new Error("this page is for operators of a city");
  return chosen;
}

export function CityFilter(): ReactNode {
  const cities = citiesOf(useUser());
  const name = useNames();
  if (cities.length < 2) return null;
  const choices = cities.map((value) => ({ value, label: name("jurisdictions", value) }));
  return <Filter name="jurisdiction" label="地区" choices={choices} otherwise={cities[0] ?? ""} />;
}
