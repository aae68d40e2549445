/** How a consent stands, in plain words. */
import type { View } from "../../api/client";
import { number } from "../../shared/format";

export function stand(kind: View<"TemplateView">["kind"], credits: number): string {
  if (kind === "long_term") return credits > 0 ? "已允许，长期有效" : "未允许，微信上收不到";
  return credits > 0 ? `已允许，还可收到 ${number(credits)} 条` : "未允许或已用完，微信上收不到";
}
