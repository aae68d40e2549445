"""Whether a delivery goes now, later, or not at all: asked when it is written, and again just before it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.notifications.preferences.domain import Preferences, quiet_until
from services.notifications.sending.delivery import Delivery

_ASK_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True)
class Standing:
    """What is known of recipient and template when the question is asked."""

    known: bool
    """Whether accounts has told of the recipient."""
    reachable: bool
    """Whether the recipient has an openid that WeChat accepts."""
    preferences: Preferences
    credits: int
    template: Literal["unread", "absent", "stopped", "usable"]
    """What stands in WeChat's console, as far as it has been read."""


@dataclass(frozen=True)
class Go:
    """Send it now."""


@dataclass(frozen=True)
class Wait:
    """Not before `until`; `awaits` when it is the recipient that is missing."""

    until: datetime
    reason: str
    awaits: bool = False


@dataclass(frozen=True)
class Skip:
    """Never; the inbox has it."""

    reason: str


Verdict = Go | Wait | Skip


def judge(delivery: Delivery, standing: Standing, at: datetime) -> Verdict:
    """The verdict at this moment. What the person wants comes before what is technically missing."""
    if not standing.preferences.wants(delivery.group, "wechat") or (
        delivery.digest and standing.preferences.digest == "off"
    ):
        return Skip("preference")
    given_up = delivery.given_up_at
    if not standing.known:
        return Skip("recipient_unknown") if at >= given_up else _wait_for_recipient(delivery, at)
    if at >= given_up:
        return Skip("too_late")
    if not standing.reachable:
        return Skip("no_openid")
    if standing.template == "unread":
        return Wait(at + _ASK_AGAIN, "template_unknown")
    if standing.template != "usable":
        return Skip("no_template" if standing.template == "absent" else "template_stopped")
    if standing.credits < 1:
        return Skip("no_consent")
    until = quiet_until(standing.preferences.quiet_hours, at, delivery.urgent_until)
    return Wait(until, "quiet_hours") if until else Go()


def _wait_for_recipient(delivery: Delivery, at: datetime) -> Wait:
    """A sealed row asks again at growing intervals: a name by which it could be found would join the person's claims."""
    if not delivery.sealed:
        return Wait(delivery.given_up_at, "recipient_unknown", awaits=True)
    again = at + max(_ASK_AGAIN, (at - delivery.created_at) / 4)
    return Wait(min(again, delivery.given_up_at), "recipient_unknown")
