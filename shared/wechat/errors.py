"""WeChat's error codes: what each one means and what to do about it.

Source: WeChat's documentation of the calls in `client.py`, as of 2026-07. A code that is not listed is a bug of ours
or news from WeChat: drop the message and alert.
"""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What the caller does about an error code."""

    BACK_OFF = "back_off"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105
    WAIT_A_MINUTE = "wait_a_minute"
    STOP_UNTIL_TOMORROW = "stop_until_tomorrow"
    RETRY_SHORTLY = "retry_shortly"
    FORGET_CONSENT = "forget_consent"
    FORGET_OPENID = "forget_openid"
    STOP_TEMPLATE = "stop_template"
    DROP_MESSAGE = "drop_message"
    FIX_CONFIGURATION = "fix_configuration"
    REFUSE_LOGIN = "refuse_login"
    ASK_WECHAT = "ask_wechat"


ALERTING = frozenset(
    {
        Action.STOP_UNTIL_TOMORROW,
        Action.STOP_TEMPLATE,
        Action.DROP_MESSAGE,
        Action.FIX_CONFIGURATION,
        Action.ASK_WECHAT,
    }
)
"""The actions that an operator has to hear of, because nothing but a person can end them."""


@dataclass(frozen=True)
class ErrorCode:
    """One row: the code, what to do, and what it means in the words of an operator."""

    code: int
    action: Action
    meaning: str


ERROR_CODES: dict[int, ErrorCode] = {
    row.code: row
    for row in (
        ErrorCode(-1, Action.BACK_OFF, "微信系统繁忙"),
        ErrorCode(40001, Action.REFRESH_TOKEN, "access_token 无效"),
        ErrorCode(40014, Action.REFRESH_TOKEN, "access_token 不合法"),
        ErrorCode(42001, Action.REFRESH_TOKEN, "access_token 已过期"),
        ErrorCode(45011, Action.WAIT_A_MINUTE, "调用太频繁（每分钟上限）"),
        ErrorCode(44991, Action.WAIT_A_MINUTE, "调用太频繁（每分钟上限）"),
        ErrorCode(45009, Action.STOP_UNTIL_TOMORROW, "当日调用次数已用完"),
        ErrorCode(43108, Action.RETRY_SHORTLY, "同一用户的两条消息同时发送"),
        ErrorCode(43101, Action.FORGET_CONSENT, "用户未订阅、已拒绝或订阅次数已用完"),
        ErrorCode(40003, Action.FORGET_OPENID, "openid 无效"),
        ErrorCode(43104, Action.FORGET_OPENID, "openid 属于另一个小程序"),
        ErrorCode(40037, Action.STOP_TEMPLATE, "模板不存在"),
        ErrorCode(43107, Action.STOP_TEMPLATE, "模板已被封禁"),
        ErrorCode(43116, Action.STOP_TEMPLATE, "模板不可用"),
        ErrorCode(45168, Action.DROP_MESSAGE, "消息含有敏感词"),
        ErrorCode(47003, Action.DROP_MESSAGE, "模板字段的内容不合规则"),
        ErrorCode(41030, Action.DROP_MESSAGE, "跳转页面不存在"),
        ErrorCode(40013, Action.FIX_CONFIGURATION, "appid 无效"),
        ErrorCode(40125, Action.FIX_CONFIGURATION, "appsecret 错误"),
        ErrorCode(41002, Action.FIX_CONFIGURATION, "缺少 appid"),
        ErrorCode(41004, Action.FIX_CONFIGURATION, "缺少 appsecret"),
        ErrorCode(40243, Action.FIX_CONFIGURATION, "appsecret 已被冻结"),
        ErrorCode(40164, Action.FIX_CONFIGURATION, "调用方 IP 不在白名单"),
        ErrorCode(89503, Action.FIX_CONFIGURATION, "此 IP 的调用需要管理员确认"),
        ErrorCode(89506, Action.FIX_CONFIGURATION, "此 IP 的调用被管理员拒绝两次，24 小时内不可再试"),
        ErrorCode(89507, Action.FIX_CONFIGURATION, "此 IP 的调用被管理员拒绝，1 小时内不可再试"),
        ErrorCode(40029, Action.REFUSE_LOGIN, "登录 code 无效或已过期"),
        ErrorCode(40163, Action.REFUSE_LOGIN, "登录 code 已被使用"),
        ErrorCode(40226, Action.REFUSE_LOGIN, "高风险用户，微信已拦截登录"),
        ErrorCode(48001, Action.ASK_WECHAT, "此接口未获授权"),
        ErrorCode(50002, Action.ASK_WECHAT, "小程序账号受限"),
    )
}


def error_code(code: int) -> ErrorCode:
    """The row of this code; for a code that is not listed, one that drops the message and alerts."""
    return ERROR_CODES.get(code) or ErrorCode(code, Action.DROP_MESSAGE, f"微信返回了未知错误码 {code}")


class WeChatError(Exception):
    """WeChat answered, and the answer was no: nothing has happened on its side."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(f"{code} {error_code(code).meaning}")
        self.code = code
        self.message = message

    @property
    def action(self) -> Action:
        """What to do about it."""
        return error_code(self.code).action


class WeChatUnreachable(Exception):
    """No answer, and the request had no effect: not connected, or turned away by a gateway (HTTP 5xx)."""


class Uncertain(Exception):
    """The request was sent and no readable answer came: WeChat may or may not have acted on it."""
