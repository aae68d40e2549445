/** What the fields of a challenge are called where they are reviewed. */
import type { View } from "../../api/client";

export const FIELDS: Partial<Record<keyof View<"ChallengeView">, string>> = {
  title: "榜单名称",
  public_summary: "需求简介",
  problem: "主要技术问题",
  indicators: "核心技术指标",
  requirements: "揭榜方条件",
  reward: "榜金",
  funding: "联合出资",
  deadline: "揭榜截止",
  period_months: "实施周期",
  mode: "揭榜方式",
  disclosure: "公开方式",
  consortium: "联合体",
  ip_terms: "产权归属",
  industry: "产业",
  contact: "联系人",
};

export function fieldName(field: string): string {
  return FIELDS[field as keyof View<"ChallengeView">] ?? (field || "整体");
}
