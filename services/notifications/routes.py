"""HTTP: parse → call → status."""

from datetime import time
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.commands import Commands, ConsentResult
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.inbox import InboxItem, Link
from services.notifications.domain.preferences import Channel, Group, Preferences, QuietHours
from services.notifications.pushes import Pushes
from services.notifications.queries import Queries
from shared.events.notifications import DeliveryStatus
from shared.events.payload import Instant
from shared.http import AttemptOf, CallerOf, Router, raw_body
from shared.paging import Cursor, Limit, Page

_PUSH_LIMIT = 64 * 1024
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class QuietHoursBody(_Body):
    """Times of day in Asia/Shanghai, such as 22:00."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    start: Annotated[str, Field(alias="from", pattern=_TIME)]
    to: Annotated[str, Field(pattern=_TIME)]


class PreferencesBody(_Body):
    """`quiet_hours` null: none."""

    channels: dict[Group, Annotated[list[Channel], Field(max_length=2)]]
    quiet_hours: QuietHoursBody | None
    digest: Literal["daily", "off"]


class ConsentsBody(_Body):
    """What requestSubscribeMessage answered, by template id."""

    results: Annotated[dict[str, ConsentResult], Field(min_length=1, max_length=10)]


class InboxItemBody(BaseModel):
    id: str
    event: str
    title: str
    body: str
    link: Link
    created_at: Instant
    read_at: Instant | None


class InboxPage(Page[InboxItemBody]):
    """A page of the inbox; `unread` counts the whole inbox."""

    unread: int


class UnreadBody(BaseModel):
    unread: int


class CreditsBody(BaseModel):
    """How many more messages of each template the person takes, as far as is known."""

    credits: dict[str, int]


class TemplateBody(BaseModel):
    template_id: str
    title: str
    kind: Literal["one_time", "long_term"]
    events: list[str]


class DeliveryBody(BaseModel):
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


def router(commands: Commands, queries: Queries, pushes: Pushes) -> Router:
    """The service's routes."""
    routes = Router()
    _inbox_routes(routes, commands, queries)
    _preference_routes(routes, commands, queries)
    _wechat_routes(routes, pushes)

    @routes.action("notifications.list-deliveries")
    async def list_deliveries(
        caller: CallerOf, limit: Limit = 20, cursor: Cursor = None, status: DeliveryStatus | None = None
    ) -> Page[DeliveryBody]:
        found, more = await queries.list_deliveries(caller, status, limit, cursor)
        return Page(items=[_delivery(each) for each in found], next_cursor=more)

    return routes


def _inbox_routes(routes: Router, commands: Commands, queries: Queries) -> None:
    @routes.action("notifications.list-inbox")
    async def list_inbox(caller: CallerOf, limit: Limit = 20, cursor: Cursor = None, unread: bool = False) -> InboxPage:
        items, more, count = await queries.list_inbox(caller, unread=unread, limit=limit, cursor=cursor)
        return InboxPage(items=[_item(each) for each in items], next_cursor=more, unread=count)

    @routes.action("notifications.read")
    async def read(item_id: str, caller: CallerOf) -> InboxItemBody:
        return _item(await commands.read(item_id, caller))

    @routes.action("notifications.read-all")
    async def read_all(caller: CallerOf) -> UnreadBody:
        await commands.read_all(caller)
        return UnreadBody(unread=0)


def _preference_routes(routes: Router, commands: Commands, queries: Queries) -> None:
    @routes.action("notifications.show-preferences")
    async def show_preferences(caller: CallerOf) -> PreferencesBody:
        return _preferences(await queries.show_preferences(caller))

    @routes.action("notifications.set-preferences")
    async def set_preferences(
        body: PreferencesBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> PreferencesBody:
        stored = await commands.set_preferences(_wanted(body, await queries.show_preferences(caller)), caller, attempt)
        if stored.replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return _preferences(stored.state)

    @routes.action("notifications.list-templates")
    async def list_templates() -> Page[TemplateBody]:
        found = queries.list_templates()
        return Page(
            items=[
                TemplateBody(template_id=each.template_id, title=each.title, kind=each.kind, events=events)
                for each, events in found
            ]
        )

    @routes.action("notifications.report-consents")
    async def report_consents(body: ConsentsBody, caller: CallerOf, attempt: AttemptOf) -> CreditsBody:
        return CreditsBody(credits=await commands.report_consents(body.results, caller, attempt))


Text = Annotated[str, Query(max_length=256)]


def _wechat_routes(routes: Router, pushes: Pushes) -> None:
    """Who calls has shown by the signature that it is WeChat (pushes.py)."""

    @routes.action("notifications.greet-wechat", response_class=PlainTextResponse)
    async def greet(signature: Text = "", timestamp: Text = "", nonce: Text = "", echostr: Text = "") -> Response:
        return PlainTextResponse(echostr)

    @routes.action(
        "notifications.take-wechat-event",
        response_class=PlainTextResponse,
        openapi_extra=raw_body(["application/json", "text/xml"], _PUSH_LIMIT),
    )
    async def take(
        request: Request,
        signature: Text = "",
        timestamp: Text = "",
        nonce: Text = "",
        openid: Text = "",
        encrypt_type: Text = "",
        msg_signature: Text = "",
    ) -> Response:
        await pushes.take(await request.body())
        return PlainTextResponse("success")


def _item(item: InboxItem) -> InboxItemBody:
    return InboxItemBody.model_validate(item.model_dump(exclude={"event_id", "message", "recipient"}))


def _preferences(preferences: Preferences) -> PreferencesBody:
    quiet = preferences.quiet_hours
    return PreferencesBody(
        channels={group: list(channels) for group, channels in preferences.channels.items()},
        quiet_hours=QuietHoursBody(start=f"{quiet.start:%H:%M}", to=f"{quiet.end:%H:%M}") if quiet else None,
        digest=preferences.digest,
    )


def _wanted(body: PreferencesBody, before: Preferences) -> Preferences:
    """A group that is not named keeps what it had; the inbox is always on."""
    named: dict[Group, tuple[Channel, ...]] = {
        group: tuple(dict.fromkeys(("inbox", *channels))) for group, channels in body.channels.items()
    }
    quiet = body.quiet_hours
    hours = QuietHours(start=time.fromisoformat(quiet.start), end=time.fromisoformat(quiet.to)) if quiet else None
    return Preferences(channels={**before.channels, **named}, quiet_hours=hours, digest=body.digest)


def _delivery(delivery: Delivery) -> DeliveryBody:
    shown = delivery.model_dump(
        include={"id", "event_id", "template_id", "status", "reason", "attempts", "created_at", "settled_at"}
    )
    return DeliveryBody(**shown, recipient_masked=f"{delivery.recipient[:4]}****")
