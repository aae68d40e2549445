/** Dead letters in words; labels of the API do not name them. A reason that is newer than this page is shown as it is. */
import type { View } from "../../api/client";

export type Status = View<"LetterView">["status"];

export const STATUSES: Record<Status, string> = { open: "待处理", replayed: "已重放", discarded: "已搁置" };

const REASONS: Record<string, string> = {
  not_json: "不是合法的 JSON",
  no_id: "缺少事件编号",
  unknown_type: "未知的事件类型",
  future_version: "事件版本高于本服务",
  unexpected_tombstone: "不应出现的空消息",
  oversize: "消息过大",
  jurisdiction_mismatch: "消息头与内容的地区不一致",
  invalid_payload: "内容不符合约定",
  handler_failed: "处理程序出错",
  killed_the_process: "处理时进程多次异常退出",
};

export function reasonName(reason: string): string {
  return REASONS[reason] ?? reason;
}

export const OUTCOMES: Record<View<"ReplayView">["outcome"], string> = {
  replayed: "已重放",
  failed: "再次失败",
  held_back: "因前一条失败而暂缓",
  settled: "先前已处理",
  not_found: "不存在",
};
