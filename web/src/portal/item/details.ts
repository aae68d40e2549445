/** What a kind has beyond the other fields, and what a city added of its own, as rows of text. */
import { money, time } from "../../shared/format";

const MONEY = "details.fund_size_fen";
const TIMES = ["details.starts_at", "details.ends_at"];

export function detailsOf(details: Record<string, unknown>, field: (path: string) => string): [string, string][] {
  return Object.entries(details).map(([key, value]) => {
    const path = `details.${key}`;
    const label = field(path);
    return [label === path ? key : label, text(path, value)];
  });
}

function text(path: string, value: unknown): string {
  if (path === MONEY && typeof value === "number") return money(value);
  if (TIMES.includes(path) && typeof value === "string" && !Number.isNaN(Date.parse(value))) return time(value);
  if (Array.isArray(value)) return value.map((each) => text("", each)).join("、");
  if (typeof value === "boolean") return value ? "是" : "否";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
