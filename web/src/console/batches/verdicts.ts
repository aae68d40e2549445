/** The verdicts of a receipt, as cities read them; labels of the API do not name them. */
import type { View } from "../../api/client";

export type Verdict = View<"RowView">["verdict"];

export const VERDICTS: Record<Verdict, string> = {
  rejected: "拒绝",
  added: "新增",
  changed: "变更",
  unchanged: "未变",
  deleted: "删除",
  duplicate: "重复",
};

export function isVerdict(word: string): word is Verdict {
  return Object.hasOwn(VERDICTS, word);
}
