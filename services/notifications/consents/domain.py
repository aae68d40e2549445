"""Consent 订阅授权: how many more messages of one template a person takes from us, as far as we can know.

WeChat cannot be asked. We count: one more for each accept, one less for each message that went out, none after a reject
or WeChat's 43101, which is the truth. The same accept is told twice, by the mini-program and by WeChat, without anything
in common but its time; so an accept of one source pairs with one of the other that came close to it.
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Kept

SAME_ACCEPT = timedelta(minutes=10)
"""Two tellings of one accept are not further apart: WeChat repeats a push within a minute, a phone may be offline."""
_KEPT_MARKS = 64

Source = Literal["mini_program", "wechat"]
Kind = Literal["one_time", "long_term"]


class Accept(Kept):
    """An accept that only one source has told of yet."""

    source: Source
    at: datetime


class Consent(Kept):
    """One person and one template. `marks` are the pushes and deliveries that have been counted."""

    credits: int = 0
    unpaired: tuple[Accept, ...] = ()
    marks: tuple[str, ...] = ()


def accept(consent: Consent, source: Source, kind: Kind, at: datetime, mark: str) -> Decision[Consent] | None:
    """One more message, unless the other source told of this accept already. A long-term accept stays one."""
    if mark in consent.marks:
        return None
    recent = tuple(each for each in consent.unpaired if abs(at - each.at) <= SAME_ACCEPT)
    pair = next((each for each in recent if each.source != source), None)
    if pair:
        unpaired = tuple(each for each in recent if each is not pair)
        return _becomes(consent, "accept", source, mark, unpaired=unpaired)
    credits = 1 if kind == "long_term" else consent.credits + 1
    return _becomes(consent, "accept", source, mark, credits=credits, unpaired=(*recent, Accept(source=source, at=at)))


def reject(consent: Consent, source: Source, mark: str) -> Decision[Consent] | None:
    """No more messages: the person said so, or WeChat did (43101)."""
    return None if mark in consent.marks else _becomes(consent, "reject", source, mark, credits=0, unpaired=())


def spend(consent: Consent, kind: Kind, mark: str) -> Decision[Consent] | None:
    """One less, for a message that went out. The same delivery, by its mark, is counted once."""
    if kind == "long_term" or mark in consent.marks:
        return None
    return _becomes(consent, "spend", SYSTEM, mark, credits=max(0, consent.credits - 1))


def _becomes(consent: Consent, action: str, by: str, mark: str, **changes: Any) -> Decision[Consent]:
    marks = (*consent.marks, mark)[-_KEPT_MARKS:]
    return Decision(consent.model_copy(update={**changes, "marks": marks}), action, by, None)


_MEANINGS: dict[str, Literal["accept", "reject"]] = {
    "accept": "accept",
    "acceptWithAlert": "accept",
    "acceptWithForcePush": "accept",
    "acceptWithAudio": "accept",
    "reject": "reject",
    "ban": "reject",
}


def meaning_of(result: str) -> Literal["accept", "reject"] | None:
    """What a client or WeChat reports, in our terms. None: nothing was decided (`filter`), or the value is not known."""
    return _MEANINGS.get(result)
