"""HTTP: preferences."""

from collections.abc import Sequence
from datetime import time
from typing import Annotated, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.preferences.commands import PreferenceCommands
from services.notifications.preferences.domain import Channel, Preferences, QuietHours
from shared.aggregates.aggregates import Stored
from shared.http.routes import AttemptOf, CallerOf, Router, with_version
from shared.values.problems import FieldError
from shared.values.validation import invalid

_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class QuietHoursBody(_Body):
    """Times of day in Asia/Shanghai, such as 22:00."""

    start: Annotated[str, Field(alias="from", pattern=_TIME)]
    to: Annotated[str, Field(pattern=_TIME)]

    @property
    def hours(self) -> QuietHours:
        """As the domain has them."""
        return QuietHours(start=time.fromisoformat(self.start), end=time.fromisoformat(self.to))


class PreferencesBody(_Body):
    """`quiet_hours` null: none."""

    channels: dict[str, Annotated[list[Channel], Field(max_length=2)]]
    quiet_hours: QuietHoursBody | None
    digest: Literal["daily", "off"]

    def onto(self, before: Preferences, groups: Sequence[str]) -> Preferences:
        """As they are wanted. A group that is not named keeps what it had; the inbox is always on."""
        unknown = [group for group in self.channels if group not in groups]
        if unknown:
            message = "没有这个通知类别，请刷新页面后重新设置"
            raise invalid(*(FieldError(f"channels.{group}", "not_allowed", message) for group in unknown))
        named = {group: tuple(dict.fromkeys(("inbox", *channels))) for group, channels in self.channels.items()}
        hours = self.quiet_hours.hours if self.quiet_hours else None
        return Preferences(channels={**before.channels, **named}, quiet_hours=hours, digest=self.digest)


class QuietHoursView(BaseModel):
    """Times of day in Asia/Shanghai, such as 22:00."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    start: str = Field(alias="from")
    to: str


class PreferencesView(BaseModel):
    """Every group with its channels, those that were never set with their defaults. `quiet_hours` null: none; `version` 0:
    nothing was set yet."""

    channels: dict[str, tuple[str, ...]]
    quiet_hours: QuietHoursView | None
    digest: Literal["daily", "off"]
    version: int

    @classmethod
    def of(cls, stored: Stored[Preferences], groups: Sequence[str]) -> "PreferencesView":
        """As their owner sees them."""
        preferences = stored.state
        quiet = preferences.quiet_hours
        hours = QuietHoursView(start=f"{quiet.start:%H:%M}", to=f"{quiet.end:%H:%M}") if quiet else None
        channels = {group: preferences.channels_of(group) for group in groups}
        return cls(channels=channels, quiet_hours=hours, digest=preferences.digest, version=stored.revision)


def preference_routes(routes: Router, commands: PreferenceCommands, groups: Sequence[str]) -> None:
    """Adds the routes of this room; `groups` are those that people can choose channels for."""

    @routes.action("notifications.show-preferences")
    async def show_preferences(caller: CallerOf, response: Response) -> PreferencesView:
        """Shows which groups of messages reach the caller, and when."""
        stored = await commands.show(caller)
        with_version(response, stored)
        return PreferencesView.of(stored, groups)

    @routes.action("notifications.set-preferences")
    async def set_preferences(
        body: PreferencesBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> PreferencesView:
        """Sets which groups of messages reach the caller, and when."""
        stored = await commands.set(lambda before: body.onto(before, groups), caller, attempt)
        with_version(response, stored)
        return PreferencesView.of(stored, groups)
