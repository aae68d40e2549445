"""A message that could not be handled, kept with the reason: whole, or its place where it is too big for a message."""

from typing import Annotated

from shared.events.payload import Instant, Payload
from shared.values.open_sets import Open, OpenSet


class Reasons(OpenSet):
    """Why a message could not be handled."""

    NOT_JSON = "not_json", "不是合法的 JSON"
    NO_ID = "no_id", "缺少事件编号"
    UNKNOWN_TYPE = "unknown_type", "未知的事件类型"
    FUTURE_VERSION = "future_version", "事件版本高于本服务"
    UNEXPECTED_TOMBSTONE = "unexpected_tombstone", "不应出现的空消息"
    OVERSIZE = "oversize", "消息过大"
    JURISDICTION_MISMATCH = "jurisdiction_mismatch", "消息头与内容的地区不一致"
    INVALID_PAYLOAD = "invalid_payload", "内容不符合约定"
    HANDLER_FAILED = "handler_failed", "处理程序出错"
    KILLED_THE_PROCESS = "killed_the_process", "处理时进程多次异常退出"


Reason = Annotated[Reasons | str, Open(Reasons)]


class DeadLetter(Payload):
    """The message (base64, byte for byte), its place in the log, and the reason why it was parked."""

    id: str
    service: str
    group: str
    topic: str
    partition: int
    offset: int
    event_id: str | None
    reason: Reason
    error: str
    key: str | None
    value: str | None
    headers: tuple[tuple[str, str], ...]
    at: Instant
