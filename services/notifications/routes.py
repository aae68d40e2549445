"""HTTP: parse → call → status."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import PlainTextResponse

from services.notifications.bodies import ConsentsBody, PreferencesBody
from services.notifications.callback.pushes import Pushes
from services.notifications.commands import Commands
from services.notifications.queries import Queries
from services.notifications.views import (
    CreditsView,
    DeliveryView,
    InboxItemView,
    InboxPage,
    PreferencesView,
    TemplateView,
    UnreadView,
)
from shared.events.notifications import DeliveryStatus
from shared.http.paging import Cursor, Limit, Page, page_of
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, raw_body, say_if_replayed, with_version

_PUSH_LIMIT = 64 * 1024


def router(commands: Commands, queries: Queries, pushes: Pushes) -> Router:
    """The service's routes."""
    routes = Router()
    _inbox_routes(routes, commands, queries)
    _preference_routes(routes, commands, queries)
    _consent_routes(routes, commands, queries)
    _wechat_routes(routes, pushes)

    @routes.action("notifications.list-deliveries")
    async def list_deliveries(
        caller: CallerOf, limit: Limit = 20, cursor: Cursor = None, status: DeliveryStatus | None = None
    ) -> Page[DeliveryView]:
        """Lists deliveries through WeChat to operators; what concerns sealed claims is left out."""
        found, more = await queries.list_deliveries(caller, status, limit, cursor)
        return Page(items=[DeliveryView.of(each) for each in found], next_cursor=more)

    return routes


def _inbox_routes(routes: Router, commands: Commands, queries: Queries) -> None:
    @routes.action("notifications.list-inbox")
    async def list_inbox(caller: CallerOf, limit: Limit = 20, cursor: Cursor = None, unread: bool = False) -> InboxPage:
        """Lists the caller's inbox, newest first, with the number of unread items."""
        items, more, count = await queries.list_inbox(caller, unread=unread, limit=limit, cursor=cursor)
        return InboxPage(items=[InboxItemView.of(each) for each in items], next_cursor=more, unread=count)

    @routes.action("notifications.read")
    async def mark_read(
        item_id: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> InboxItemView:
        """Marks an inbox item as read."""
        item, replayed = await commands.mark_read(item_id, caller, attempt)
        say_if_replayed(response, replayed)
        return InboxItemView.of(item)

    @routes.action("notifications.read-all")
    async def mark_all_read(_: Empty, caller: CallerOf, attempt: AttemptOf, response: Response) -> UnreadView:
        """Marks all inbox items as read that have come so far."""
        say_if_replayed(response, await commands.mark_all_read(caller, attempt))
        return UnreadView(unread=await queries.count_unread(caller))


def _preference_routes(routes: Router, commands: Commands, queries: Queries) -> None:
    @routes.action("notifications.show-preferences")
    async def show_preferences(caller: CallerOf, response: Response) -> PreferencesView:
        """Shows which groups of messages reach the caller, and when."""
        stored = await queries.show_preferences(caller)
        with_version(response, stored)
        return PreferencesView.of(stored.state)

    @routes.action("notifications.set-preferences")
    async def set_preferences(
        body: PreferencesBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> PreferencesView:
        """Sets which groups of messages reach the caller, and when."""
        stored = await commands.set_preferences(body.onto, caller, attempt)
        with_version(response, stored)
        return PreferencesView.of(stored.state)


def _consent_routes(routes: Router, commands: Commands, queries: Queries) -> None:
    @routes.action("notifications.list-templates")
    async def list_templates(limit: Limit = 20, cursor: Cursor = None) -> Page[TemplateView]:
        """Lists the templates that the mini-program asks consent for."""
        found = [TemplateView.of(template, events) for template, events in queries.list_templates()]
        return page_of(found, limit, cursor)

    @routes.action("notifications.report-consents")
    async def report_consents(
        body: ConsentsBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> CreditsView:
        """Reports what a person answered to wx.requestSubscribeMessage."""
        credits, replayed = await commands.report_consents(body.results, caller, attempt)
        say_if_replayed(response, replayed)
        return CreditsView(credits=credits)


Text = Annotated[str, Query(max_length=256)]


def _wechat_routes(routes: Router, pushes: Pushes) -> None:
    """Who calls has shown by the signature that it is WeChat (pushes.py)."""

    @routes.action("notifications.greet-wechat", response_class=PlainTextResponse)
    async def greet(signature: Text = "", timestamp: Text = "", nonce: Text = "", echostr: Text = "") -> Response:
        """Answers WeChat's check of the callback's address."""
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
        """Takes an event that WeChat pushes: outcomes of messages, changed subscriptions."""
        await pushes.take(await request.body())
        return PlainTextResponse("success")
