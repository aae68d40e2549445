"""One table: the effect of each answer of WeChat on a delivery and on the sender."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.values.jurisdictions import SHANGHAI
from shared.wechat.errors import ALERTING, Action, Uncertain, WeChatError, WeChatUnreachable

Fate = Literal["again", "skipped", "failed", "unknown"]
Scope = Literal["message", "everything"]

_LONGEST_BACKOFF = timedelta(seconds=5)


@dataclass(frozen=True)
class Outcome:
    """What becomes of the message. `until` is when it goes again; `pauses` says that everything waits until then; `answered`
    says that WeChat itself has spoken."""

    fate: Fate
    reason: str
    until: datetime | None = None
    pauses: bool = False
    alerts: bool = False
    forgets: Literal["consent", "openid", "template"] | None = None
    answered: bool = True


Until = Callable[[datetime, int], datetime]


@dataclass(frozen=True)
class _Row:
    fate: Fate
    reason: str
    until: Until | None = None
    scope: Scope = "message"
    forgets: Literal["consent", "openid", "template"] | None = None


def backoff(at: datetime, failures: int) -> datetime:
    """A quarter of a second, doubled with each failure in a row, at most five seconds."""
    return at + min(timedelta(seconds=0.25 * 2 ** min(failures, 10)), _LONGEST_BACKOFF)


def _after(**time: float) -> Until:
    return lambda at, _: at + timedelta(**time)


def _tomorrow(at: datetime, _: int) -> datetime:
    """Shortly after midnight in Beijing, when WeChat's daily counts begin anew."""
    local = at.astimezone(SHANGHAI)
    midnight = local.replace(hour=0, minute=0, second=30, microsecond=0) + timedelta(days=1)
    return midnight.astimezone(at.tzinfo)


_TABLE: dict[Action, _Row] = {
    Action.BACK_OFF: _Row("again", "wechat_busy", backoff, "everything"),
    Action.REFRESH_TOKEN: _Row("again", "token_refused", _after(minutes=1), "everything"),
    Action.WAIT_A_MINUTE: _Row("again", "minute_limit", _after(minutes=1), "everything"),
    Action.STOP_UNTIL_TOMORROW: _Row("again", "daily_limit", _tomorrow, "everything"),
    Action.RETRY_SHORTLY: _Row("again", "concurrent_send", _after(seconds=0.3)),
    Action.FORGET_CONSENT: _Row("skipped", "no_consent", forgets="consent"),
    Action.FORGET_OPENID: _Row("failed", "openid_refused", forgets="openid"),
    Action.STOP_TEMPLATE: _Row("failed", "template_refused", forgets="template"),
    Action.DROP_MESSAGE: _Row("failed", "message_refused"),
    Action.FIX_CONFIGURATION: _Row("again", "configuration", _after(minutes=5), "everything"),
    Action.ASK_WECHAT: _Row("again", "not_authorised", _after(minutes=5), "everything"),
    # A send is never answered with this; should it be, nothing is repeated.
    Action.REFUSE_LOGIN: _Row("failed", "message_refused"),
}


def outcome_of(error: WeChatError | WeChatUnreachable | Uncertain, at: datetime, failures: int) -> Outcome:
    """What an unsuccessful send means. `failures` is how many came in a row before it."""
    if isinstance(error, Uncertain):
        return Outcome("unknown", "no_answer", answered=False)
    if isinstance(error, WeChatUnreachable):
        return Outcome("again", "wechat_unreachable", backoff(at, failures), pauses=True, answered=False)
    row = _TABLE[error.action]
    until = row.until(at, failures) if row.until else None
    alerts = error.action in ALERTING or error.action is Action.REFRESH_TOKEN
    return Outcome(row.fate, row.reason, until, row.scope == "everything", alerts, row.forgets)
