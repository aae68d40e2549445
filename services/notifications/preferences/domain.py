"""Preferences: the channels for each group of events, and the hours in which the phone stays silent."""

from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from shared.aggregates.stored_state import Kept
from shared.values.jurisdictions import SHANGHAI

Channel = Literal["inbox", "wechat"]
EVERY_CHANNEL: tuple[str, ...] = ("inbox", "wechat")
"""What holds for a group that the person has never set, such as one that is newer than their preferences."""


TimeOfDay = Annotated[time, PlainSerializer(time.isoformat, return_type=str)]
"""Written as 22:00:00, because a database has no type for it."""


class QuietHours(Kept):
    """From one time of day to another in Asia/Shanghai, usually over midnight."""

    start: TimeOfDay
    end: TimeOfDay


class Preferences(Kept):
    """One person's. What was never set is as these defaults say."""

    id: str = ""
    """Whose they are, as a pseudonym."""
    channels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By group (subjects/table.py). Groups and channels that this version does not know are kept as they are."""
    quiet_hours: QuietHours | None
    digest: Literal["daily", "off"]
    """Off: what a search finds that can wait is in the inbox and nowhere else."""

    def channels_of(self, group: str) -> tuple[str, ...]:
        """The channels for this group, by default all."""
        return self.channels.get(group, EVERY_CHANNEL)

    def wants(self, group: str, channel: Channel) -> bool:
        """Whether the person wants events of this group on this channel."""
        return channel in self.channels_of(group)


DEFAULT = Preferences(
    quiet_hours=QuietHours(start=time(22), end=time(8)),
    digest="daily",
)


def quiet_until(quiet: QuietHours | None, at: datetime, deadline: datetime | None) -> datetime | None:
    """When the silence that holds at this moment ends; None when there is none, or a deadline falls into it."""
    if quiet is None or quiet.start == quiet.end:
        return None
    began = next_time(at, quiet.start) - timedelta(days=1)
    ends = next_time(began, quiet.end)
    if at >= ends:
        return None
    return None if deadline is not None and at <= deadline < ends else ends


def next_time(at: datetime, clock: time) -> datetime:
    """The first moment after this one at which it is that time of day in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    moment = datetime.combine(local.date(), clock, SHANGHAI)
    if moment <= local:
        moment += timedelta(days=1)
    return moment.astimezone(at.tzinfo)
