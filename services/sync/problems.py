"""What can be wrong with a batch, an agent, a signature or an objection."""

from shared.values.problems import Problem

BATCH_NOT_WAITING = Problem(
    "batch_not_waiting",
    409,
    "批次不在等待批准",
    "该批次没有在等待批准：可能已被批准、删除，或不需要批准；请查看批次的状态。",
)
DELTA_WITHOUT_ROWS = Problem(
    "delta_without_rows", 422, "批次没有数据行", "增量批次至少要有一行；只有全量批次可以为空，表示该清单已没有记录。"
)
BATCH_COMMITTED = Problem(
    "batch_committed", 409, "批次已提交", "该批次已提交，不能再上传分片或删除；如需更正，请新建批次。"
)
BATCH_EXPIRED = Problem(
    "batch_expired",
    410,
    "批次已作废",
    "该批次 {hours} 小时内没有提交，或已被本市删除，分片已不在；请新建批次后重新推送。",
)
RECEIPT_EXPIRED = Problem(
    "receipt_expired",
    410,
    "回执明细已过期",
    "逐行的回执只保留 {days} 天，该批次的明细已删除；各结论的行数仍可在批次中查看。",
)
PART_DIFFERS = Problem(
    "part_differs", 409, "分片内容不一致", "第 {part} 片已上传过另一份内容；如需更正，请新建批次后重新推送。"
)
PART_ENCODING_UNKNOWN = Problem(
    "part_encoding_unknown",
    422,
    "分片编码无法识别",
    "第 {part} 片中{reason}；请另存为 UTF-8（开头带 BOM 更稳妥）后重新推送。",
)
PART_EMPTY = Problem("part_empty", 400, "分片为空", "第 {part} 片没有任何数据行，请检查导出文件后重新上传。")
PART_OVER_BATCH = Problem(
    "part_over_batch", 422, "分片编号过大", "分片编号从 0 起，至多 {limit}；请减少分片数，每片可至 8 MiB。"
)
BAD_GZIP = Problem("bad_gzip", 400, "压缩内容损坏", "分片的 gzip 内容无法解压，可能在传输中被截断，请重新上传该分片。")
SEVERAL_GZIP_MEMBERS = Problem(
    "several_gzip_members", 400, "压缩内容有多段", "一个分片只能是一段 gzip，请把该分片一次压缩后重新上传。"
)
TRUNCATED = Problem(
    "truncated",
    400,
    "上传不完整",
    "批次声明 {rows} 行，实收 {received} 行（缺第 {part} 片或之后的分片）；请补传后再提交。",
)
ROWS_DIFFER = Problem("rows_differ", 422, "行数不一致", "批次声明 {rows} 行，实收 {received} 行，请核对后新建批次。")
SHA256_DIFFERS = Problem(
    "sha256_differs",
    400,
    "校验和不一致",
    "收到的内容与批次声明的 SHA-256 不一致，未应用任何一行；请检查文件后新建批次。",
)
SIGNATURE_MISSING = Problem(
    "signature_missing",
    401,
    "缺少签名",
    "推送须先登录，或由推送工具完整签名（签名说明、签名和内容摘要三项），请检查推送工具。",
)
SIGNATURE_INVALID = Problem(
    "signature_invalid", 401, "签名无效", "签名未通过验证：{reason}。请确认密钥已登记、内容未被改动后重新推送。"
)
STALE = Problem("stale", 401, "签名时间不符", "签名时间与平台时间相差超过 300 秒，请校准本机时间后重新推送。")
NONCE_USED = Problem("nonce_used", 401, "签名已使用过", "同一签名只能使用一次，请重新签名后再推送。")
OBJECTION_OPEN = Problem(
    "objection_open", 409, "已提出异议", "您对该记录的异议尚待答复，请在“我的异议”中查看；答复后可以再次提出。"
)
OBJECTION_ANSWERED = Problem("objection_answered", 409, "异议已答复", "该异议已经答复，不能再次答复；请刷新页面查看。")
TOO_MANY_OBJECTIONS = Problem(
    "too_many_objections", 409, "待答复的异议过多", "您有 {most} 件异议尚待答复，请等候答复后再提出新的异议。"
)
HISTORY_GONE = Problem(
    "history_gone",
    410,
    "历史已不可查",
    "该记录在所问时点的内容已无法还原：被覆盖的内容只保留 {days} 天，更早的或开始保留之前的已不在；请改查较近的时点。",
)
KEY_REGISTERED = Problem(
    "key_registered", 409, "公钥已登记", "该公钥已登记在另一个推送工具或另一个地区名下，请换一把新的密钥。"
)
