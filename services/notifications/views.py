"""Answers: the inbox, preferences, templates and deliveries as the world sees them."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.notifications.inbox.domain import InboxItem
from services.notifications.preferences.domain import Channel, Group, Preferences
from services.notifications.sending.delivery import Delivery
from services.notifications.subjects.messages import MESSAGES
from shared.events.notifications import DeliveryStatus
from shared.events.payload import Instant
from shared.http.paging import Page
from shared.wechat.client import Template


def _open(values: Iterable[str]) -> WithJsonSchema:
    """The values that are known today; an item that was kept may have another one."""
    return WithJsonSchema({"type": "string", "x-extensible-enum": sorted(set(values))})


TellingEvent = Annotated[str, _open(message.event for message in MESSAGES)]
"""The short name of an event that people are told of."""


class LinkView(BaseModel):
    """What a tap opens."""

    type: Annotated[str, _open(message.about for message in MESSAGES)]
    id: str


class InboxItemView(BaseModel):
    """What one was told of one event."""

    id: str
    event: TellingEvent
    title: str
    body: str
    link: LinkView
    created_at: Instant
    read_at: Instant | None

    @classmethod
    def of(cls, item: InboxItem) -> "InboxItemView":
        return cls.model_validate(item.model_dump(include=set(cls.model_fields)))


class InboxPage(Page[InboxItemView]):
    """A page of the inbox; `unread` counts the whole inbox."""

    unread: int


class UnreadView(BaseModel):
    """How much of the inbox is unread."""

    unread: int


class QuietHoursView(BaseModel):
    """Times of day in Asia/Shanghai, such as 22:00."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    start: str = Field(alias="from")
    to: str


class PreferencesView(BaseModel):
    """`quiet_hours` null: none."""

    channels: dict[Group, tuple[Channel, ...]]
    quiet_hours: QuietHoursView | None
    digest: Literal["daily", "off"]

    @classmethod
    def of(cls, preferences: Preferences) -> "PreferencesView":
        quiet = preferences.quiet_hours
        hours = QuietHoursView(start=f"{quiet.start:%H:%M}", to=f"{quiet.end:%H:%M}") if quiet else None
        return cls(channels=preferences.channels, quiet_hours=hours, digest=preferences.digest)


class CreditsView(BaseModel):
    """How many more messages of each template the person takes, as far as is known."""

    credits: dict[str, int]


class TemplateView(BaseModel):
    """A template that the mini-program can ask a consent for, with the events that are told by it."""

    template_id: str
    title: str
    kind: Literal["one_time", "long_term"]
    events: list[TellingEvent]

    @classmethod
    def of(cls, template: Template, events: Sequence[str]) -> "TemplateView":
        return cls(template_id=template.template_id, title=template.title, kind=template.kind, events=list(events))


class DeliveryView(BaseModel):
    """A row of the ledger; its recipient shows enough of the pseudonym to tell two rows apart."""

    id: str
    event_id: str
    recipient_masked: str
    channel: Literal["wechat"] = "wechat"
    template_id: str
    status: DeliveryStatus
    reason: str | None
    attempts: int
    created_at: Instant
    settled_at: Instant | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryView":
        shown = delivery.model_dump(include=set(cls.model_fields))
        return cls(**shown, recipient_masked=f"{delivery.recipient[:4]}****")
