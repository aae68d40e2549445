"""What can be wrong with a request to notifications."""

from shared.values.problems import Problem

BAD_SIGNATURE = Problem("bad_signature", 403, "签名无效", "推送的签名无效或已过期，请求被拒绝。")
BAD_PUSH = Problem("bad_push", 400, "推送内容无法解析", "推送内容不是微信的 JSON 或 XML 格式，或含有 DTD，请求被拒绝。")
