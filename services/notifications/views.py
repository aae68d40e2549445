"""Answers: the inbox, preferences, templates and deliveries as the world sees them."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.notifications.inbox.domain import InboxItem, Link
from services.notifications.preferences.domain import Channel, Group, Preferences
from services.notifications.sending.delivery import Delivery
from shared.events.notifications import DeliveryStatus
from shared.events.payload import Instant
from shared.http.paging import Page
from shared.wechat.client import Template


class InboxItemView(BaseModel):
    """What one was told of one event."""

    id: str
    event: str
    title: str
    body: str
    link: Link
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
    events: list[str]

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
