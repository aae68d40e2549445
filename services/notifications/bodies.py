"""What the routes take."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.notifications.commands import ConsentResult
from services.notifications.preferences.domain import Channel, Group, Preferences, QuietHours

_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class QuietHoursBody(_Body):
    """Times of day in Asia/Shanghai, such as 22:00."""

    start: Annotated[str, Field(alias="from", pattern=_TIME)]
    to: Annotated[str, Field(pattern=_TIME)]

    @property
    def hours(self) -> QuietHours:
        return QuietHours(start=time.fromisoformat(self.start), end=time.fromisoformat(self.to))


class PreferencesBody(_Body):
    """`quiet_hours` null: none."""

    channels: dict[Group, Annotated[list[Channel], Field(max_length=2)]]
    quiet_hours: QuietHoursBody | None
    digest: Literal["daily", "off"]

    def onto(self, before: Preferences) -> Preferences:
        """As they are wanted. A group that is not named keeps what it had; the inbox is always on."""
        named: dict[Group, tuple[Channel, ...]] = {
            group: tuple(dict.fromkeys(("inbox", *channels))) for group, channels in self.channels.items()
        }
        hours = self.quiet_hours.hours if self.quiet_hours else None
        return Preferences(channels={**before.channels, **named}, quiet_hours=hours, digest=self.digest)


class ConsentsBody(_Body):
    """What requestSubscribeMessage answered, by template id."""

    results: Annotated[dict[str, ConsentResult], Field(min_length=1, max_length=10)]
