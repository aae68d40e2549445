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
CODE_JOINED = Problem(
    "code_joined", 409, "该代码已并入其他机构", "该统一社会信用代码已并入 {into}；如需改并，请先撤销原来的归并。"
)
CODE_NOT_JOINED = Problem(
    "code_not_joined", 409, "该代码没有并入其他机构", "该统一社会信用代码没有并入其他机构，无需撤销。"
)
CODES_ARE_ONE = Problem(
    "codes_are_one", 409, "两个代码已是同一机构", "这两个统一社会信用代码已归并为同一机构，无需再次归并。"
)
HISTORY_GONE = Problem(
    "history_gone",
    410,
    "历史已不可查",
    "该记录在所问时点的内容已无法还原：被覆盖的内容只保留 {days} 天，更早的或开始保留之前的已不在；请改查较近的时点。",
)
UPLOADS_BUSY = Problem(
    "uploads_busy", 503, "上传排队已满", "同时上传的文件较多，请稍后重试；文件还没有收下。", retry_after=10
)
FILE_UNREADABLE = Problem("file_unreadable", 422, "文件无法读取", "{reason}")
FILE_TOO_LARGE = Problem("file_too_large", 413, "文件内容过大", "{reason}")
FILE_TYPE_NOT_ACCEPTED = Problem("file_type_not_accepted", 415, "文件类型不支持", "{reason}")
UNSAFE_XML = Problem("unsafe_xml", 422, "工作簿含有不安全的内容", "{reason}")
ENCODING_UNCLEAR = Problem("encoding_unclear", 422, "文字编码无法确定", "{reason}")
READING_STOPPED = Problem(
    "reading_stopped",
    422,
    "读取文件已停止",
    "读取这份文件时{reason}，没有收下任何一行。请用 Excel 或 WPS 打开后另存为新的 .xlsx，或分成几个文件再试。",
)
NOT_UPLOADED = Problem(
    "not_uploaded", 404, "没有上传的文件", "该批次不是由网页上传文件得来的，平台没有它的文件；请查看回执。"
)
FILE_GONE = Problem(
    "file_gone", 410, "上传的文件已不在", "该批次上传的文件已过保存期限或已删除，请重新上传原来的文件。"
)
NO_WORKBOOK = Problem(
    "no_workbook",
    404,
    "上传的不是 Excel 工作簿",
    "只有 .xlsx 文件能标注后下载；该批次上传的是其他格式，请下载回执，按其中的行号修改。",
)
MARKING_STOPPED = Problem(
    "marking_stopped", 422, "标注工作簿已停止", "标注这份工作簿时{reason}，已停止；请下载回执，按其中的行号修改。"
)
BATCH_UNFINISHED = Problem(
    "batch_unfinished", 409, "批次尚未核验完", "该批次还没有核验完，请等它完成后再试；进度见批次的状态。"
)
NOT_VERIFIED = Problem(
    "not_verified", 409, "不是核验完的试运行", "只有核验完的试运行批次可以据以正式推送；请查看批次的状态。"
)
KEY_REGISTERED = Problem(
    "key_registered", 409, "公钥已登记", "该公钥已登记在另一个推送工具或另一个地区名下，请换一把新的密钥。"
)
