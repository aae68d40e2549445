"""Problems: what can be wrong, as a table. RFC 9457, with a stable English code and a Chinese sentence that says what to do.

A service's own rows stand in its `problems.py`; here are those that every service has.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One row. `detail` may have {placeholders} that the Refusal fills."""

    code: str
    status: int
    title: str
    detail: str
    retry_after: int | None = None

    @property
    def type(self) -> str:
        return f"urn:huning:problem:{self.code}"


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is its path, such as `reward.stages[1].percent`."""

    field: str
    code: str
    message: str


class Refusal(Exception):
    """The answer is no, for this reason. Raised where the reason is known, turned into an answer in shared/http/answers.py."""

    def __init__(self, problem: Problem, errors: list[FieldError] | None = None, **values: object) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.errors = errors or []
        self.detail = problem.detail.format(**values)


BAD_JSON = Problem("bad_json", 400, "请求内容无法解析", "请求内容不是合法的 JSON：{reason}。请检查后重新提交。")
BAD_REQUEST = Problem("bad_request", 400, "请求无法理解", "{reason}")
IDEMPOTENCY_KEY_MISSING = Problem(
    "idempotency_key_missing",
    400,
    "缺少提交编号或其格式不符",
    "请求缺少防止重复提交的编号，或编号格式不符，请刷新页面后重试；如仍不行，请联系运营人员。",
)
TOKEN_MISSING = Problem("token_missing", 401, "尚未登录", "请先登录。")
TOKEN_INVALID = Problem("token_invalid", 401, "登录凭证无效", "登录凭证无法识别，请重新登录。")
TOKEN_EXPIRED = Problem("token_expired", 401, "登录已过期", "登录已过期，请重新登录。")
TOKEN_REVOKED = Problem("token_revoked", 401, "已退出登录", "您已在所有设备上退出登录，请重新登录。")
TOKEN_NOT_YET_VALID = Problem(
    "token_not_yet_valid", 401, "登录凭证尚未生效", "登录凭证尚未生效，请检查本机时间后重试。"
)
TOKEN_WRONG_AUDIENCE = Problem(
    "token_wrong_audience", 401, "登录凭证不适用", "该登录凭证不是签发给本平台的，请重新登录。"
)
FORBIDDEN = Problem("forbidden", 403, "没有权限", "您的角色不能进行此操作；如需权限，请联系所在地区的运营人员。")
MEMBERSHIP_ENDED = Problem(
    "membership_ended",
    403,
    "不再代表该单位",
    "您已不能代表该单位办理业务，请切换到其他单位或以个人身份继续；如有疑问，请联系该单位管理员。",
)
ORGANIZATION_REQUIRED = Problem(
    "organization_required",
    403,
    "需要代表单位办理",
    "此操作须代表已认证的单位办理：尚无单位的，请先登记单位并等待审核通过；已有单位的，请先切换到该单位。",
)
NOT_FOUND = Problem("not_found", 404, "未找到", "没有找到您要的内容，请核对后重试。")
METHOD_NOT_ALLOWED = Problem("method_not_allowed", 405, "不支持的操作", "该地址不支持此请求方法，请查看接口文档。")
SLOW_BODY = Problem("slow_body", 408, "上传超时", "请求内容在规定时间内没有传完，请检查网络后重试。")
CONFLICT = Problem("conflict", 409, "内容刚被他人修改", "该内容正被频繁修改，请稍后重试。", retry_after=1)
VERSION_CONFLICT = Problem("version_conflict", 412, "版本不一致", "内容已更新为版本 {version}，请刷新后再修改。")
TOO_LARGE = Problem("too_large", 413, "内容过大", "请求内容超过上限 {limit}，请缩小后重试。")
WRONG_CONTENT_TYPE = Problem(
    "wrong_content_type", 415, "内容类型不支持", "此处只接受 {accepted} 格式的内容，请换成该格式后重试。"
)
UNKNOWN_FIELD = Problem(
    "unknown_field", 422, "有不支持的字段", "有 {count} 个字段或参数不受支持，请按提示删除后重新提交。"
)
WRONG_TYPE = Problem("wrong_type", 422, "类型不正确", "有 {count} 处类型不正确，请按接口文档填写后重新提交。")
INVALID = Problem("invalid", 422, "填写有误", "有 {count} 处填写有误，请按提示修改后重新提交。")
IDEMPOTENCY_KEY_REUSED = Problem(
    "idempotency_key_reused",
    422,
    "提交编号已用于其他内容",
    "同一个提交编号曾用于内容不同的请求，请刷新页面后重新提交。",
)
TOO_MANY_REQUESTS = Problem("too_many_requests", 429, "请求过于频繁", "请求过于频繁，请稍后再试。", retry_after=1)
UNAVAILABLE = Problem(
    "unavailable", 503, "服务暂时不可用", "系统正在恢复，请稍后重试；已提交的内容不会丢失。", retry_after=2
)
BUSY = Problem("busy", 503, "系统正忙", "同时提交的内容过多，请稍后重试；尚未收到的内容不会被处理。", retry_after=1)
BACKLOG = Problem("backlog", 503, "处理积压", "该内容还有更新在排队发布，请稍后重试。", retry_after=5)
INTERNAL = Problem(
    "internal", 500, "系统内部错误", "系统出现内部错误，请稍后重试；如仍不行，请把请求编号告诉运营人员。"
)
