"""A digest 汇总: the hits of one person's searches that can wait, in one message of the next morning.

It is a delivery like any other, known by its morning instead of an event. Until it is first taken to be sent it collects,
each event once; what comes later begins the next morning's.
"""

from datetime import datetime, time, timedelta

from services.notifications.preferences.domain import next_time
from shared.aggregates.stored_state import Kept
from shared.values.jurisdictions import SHANGHAI
from shared.wechat.fields import cut

MORNING = time(8)
_THING = 20
"""Characters of a `thing` field (shared/wechat/fields.py)."""


class Found(Kept):
    """One thing that was found, by the event that brought it."""

    event_id: str
    title: str
    occurred_at: datetime


class Digest(Kept):
    """What is collected for one morning, in the order in which it happened, whatever order it came in."""

    morning: datetime
    found: tuple[Found, ...]

    def holds(self, event_id: str) -> bool:
        return any(each.event_id == event_id for each in self.found)

    def joined_by(self, found: Found) -> "Digest":
        """With this as well; the same event again changes nothing."""
        if self.holds(found.event_id):
            return self
        everything = sorted((*self.found, found), key=lambda each: (each.occurred_at, each.event_id))
        return self.model_copy(update={"found": tuple(everything)})

    @property
    def title(self) -> str:
        """What was found first and how many there are, as WeChat takes it: 双极板涂层…等3项."""
        more = f"等{len(self.found)}项" if len(self.found) > 1 else ""
        return cut(self.found[0].title, _THING - len(more)) + more

    @property
    def as_of(self) -> datetime:
        """When the last of it happened."""
        return self.found[-1].occurred_at


def morning_after(at: datetime) -> datetime:
    """The next 8:00 in Shanghai."""
    return next_time(at, MORNING)


def following(morning: datetime) -> datetime:
    return morning + timedelta(days=1)


def known_as(morning: datetime) -> str:
    """What stands for an event in the key of a digest: `digest/2026-11-26`."""
    return f"digest/{morning.astimezone(SHANGHAI).date()}"
