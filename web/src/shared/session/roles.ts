/** What somebody's roles are good for in the pages. The API decides; pages only leave out what would be refused. */
import type { User } from "./session";

const OPERATORS = ["city_operator", "alliance_operator", "auditor"];

export function holds(user: User, role: string): boolean {
  return user.roles.some((each) => each.role === role);
}

/** Whether the console has something for them. */
export function operates(user: User): boolean {
  return user.roles.some((each) => OPERATORS.includes(each.role));
}

/** The cities that somebody operates for. */
export function citiesOf(user: User): string[] {
  return user.roles.flatMap((each) => (each.role === "city_operator" && each.jurisdiction ? [each.jurisdiction] : []));
}
