/** How an entry of the audit trail ended, in words: `done`, `done:<reason>`, `unknown`, `refused:<problem code>`. */

export function outcome(result: string): string {
  const [kind = "", ...rest] = result.split(":");
  const more = rest.join(":");
  if (kind === "done") return more ? `完成：${more}` : "完成";
  if (kind === "refused") return `拒绝：${more}`;
  return result === "unknown" ? "结果不明" : result;
}
