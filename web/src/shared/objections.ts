/** Objections at the API, for whoever objects and for whoever answers. */
import type { View } from "../api/client";

export type Objection = View<"ObjectionView">;

export const OBJECTIONS = ["objections"];

const BEHALF: Record<Objection["on_behalf_of"], string> = {
  person: "个人",
  organization: "单位",
  city: "城市运营人员",
};

export function behalfOf({ on_behalf_of: behalf }: Objection): string {
  return BEHALF[behalf];
}
