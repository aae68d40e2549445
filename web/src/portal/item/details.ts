/** What a kind has beyond the other fields, and what a city added of its own, as rows of text. */
import { money, time } from "../../shared/format";

const AMOUNT = "fund_size_fen";
const CURRENCY = "fund_size_currency";
const TIMES = ["details.starts_at", "details.ends_at"];

export function detailsOf(details: Record<string, unknown>, field: (path: string) => string): [string, string][] {
  return Object.entries(details)
    .filter(([key]) => key !== CURRENCY)
    .map(([key, value]) => {
      const path = `details.${key}`;
      const label = field(path);
      return [label === path ? key : label, key === AMOUNT ? amount(value, details[CURRENCY]) : text(path, value)];
    });
}

/** In hundredths of its currency, which is yuan where none is named. */
function amount(value: unknown, currency: unknown): string {
  if (typeof value !== "number") return text("", value);
  return typeof currency === "string" ? money(value).replace(/\s*元/, ` ${currency}`) : money(value);
}

function text(path: string, value: unknown): string {
  if (TIMES.includes(path) && typeof value === "string" && !Number.isNaN(Date.parse(value))) return time(value);
  if (Array.isArray(value)) return value.map((each) => text("", each)).join("、");
  if (typeof value === "boolean") return value ? "是" : "否";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
