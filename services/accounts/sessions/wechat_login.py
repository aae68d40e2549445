"""From a login code to an openid, with WeChat's faults turned into answers for the person who waits."""

import structlog

from services.accounts import problems
from shared.values.problems import Problem, Refusal
from shared.wechat.client import WeChat
from shared.wechat.errors import ALERTING, Action, WeChatError, WeChatUnreachable

log = structlog.get_logger(__name__)

_BLOCKED_BY_WECHAT = 40226

_ANSWERS: dict[Action, Problem] = {
    Action.REFUSE_LOGIN: problems.CODE_INVALID,
    Action.WAIT_A_MINUTE: problems.WECHAT_BUSY,
}
"""Whatever is not here is our trouble or WeChat's, not the person's: 503."""


async def openid_of(wechat: WeChat, code: str) -> str:
    """Who logs in. The code is spent by this, whatever comes after."""
    try:
        return (await wechat.exchange_code(code)).openid
    except WeChatUnreachable as error:
        raise Refusal(problems.WECHAT_UNAVAILABLE) from error
    except WeChatError as error:
        if error.code == _BLOCKED_BY_WECHAT:
            raise Refusal(problems.LOGIN_REFUSED) from error
        if error.action in ALERTING:
            log.error("wechat.login_needs_an_operator", errcode=error.code)
        raise Refusal(_ANSWERS.get(error.action, problems.WECHAT_UNAVAILABLE)) from error
