/** Numbers, money and times as people here read them. Times are shown in Shanghai's, whatever the device's zone. */

const ZONE = "Asia/Shanghai";
const NUMBER = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 });
const AGO = new Intl.RelativeTimeFormat("zh-CN", { numeric: "auto" });
const PARTS = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function number(value: number): string {
  return NUMBER.format(value);
}

/** 300000000 分 → 300 万元. */
export function money(fen: number): string {
  const yuan = fen / 100;
  if (yuan >= 100_000_000) return `${NUMBER.format(yuan / 100_000_000)} 亿元`;
  if (yuan >= 10_000) return `${NUMBER.format(yuan / 10_000)} 万元`;
  return `${NUMBER.format(yuan)} 元`;
}

/** 2026-12-31 23:59. */
export function time(instant: string): string {
  const part = Object.fromEntries(PARTS.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return `${day(instant)} ${part.hour ?? ""}:${part.minute ?? ""}`;
}

/** 2026-12-31. */
export function day(instant: string): string {
  const part = Object.fromEntries(PARTS.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return `${part.year ?? ""}-${part.month ?? ""}-${part.day ?? ""}`;
}

/** 3小时前, 2个月后, 刚刚. */
export function relative(instant: string, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  for (const [unit, length] of UNITS)
    if (Math.abs(seconds) >= length) return AGO.format(Math.trunc(seconds / length), unit);
  return seconds > 0 ? "马上" : "刚刚";
}

/** An address that others gave, if following it is harmless; null for `javascript:` and whatever is no address. */
export function outside(address: string | null | undefined): string | null {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}
