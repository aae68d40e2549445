"""HTTP: the inbox."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel

from services.notifications.inbox.commands import InboxCommands
from services.notifications.inbox.queries import InboxQueries
from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Placed
from services.notifications.subjects.table import MESSAGES, EventName, open_values
from shared.events.payload import Instant
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, say_if_replayed


class LinkView(BaseModel):
    """What a tap opens."""

    type: Annotated[str, open_values(message.about for message in MESSAGES)]
    id: str


class InboxItemView(BaseModel):
    """What one was told about one event."""

    id: str
    event: EventName
    title: str
    body: str
    link: LinkView
    created_at: Instant
    read_at: Instant | None

    @classmethod
    def of(cls, placed: Placed, reader: Reader) -> "InboxItemView":
        """The item as its reader sees it."""
        shown = placed.item.model_dump(include=set(cls.model_fields))
        return cls.model_validate({**shown, "id": placed.id, "read_at": reader.read_at(placed.position)})


class InboxPage(Page[InboxItemView]):
    """A page of the inbox; `unread` counts the whole inbox."""

    unread: int


class UnreadView(BaseModel):
    """How much of the inbox is unread."""

    unread: int


def inbox_routes(routes: Router, commands: InboxCommands, queries: InboxQueries) -> None:
    """Adds the routes of this room."""

    @routes.action("notifications.list-inbox")
    async def list_inbox(caller: CallerOf, limit: Limit = 20, cursor: Cursor = None, unread: bool = False) -> InboxPage:
        """Lists the caller's inbox, newest first, with the number of unread items."""
        placed, more, reader, count = await queries.page(caller, unread=unread, limit=limit, cursor=cursor)
        items = [InboxItemView.of(each, reader) for each in placed]
        return InboxPage(items=items, next_cursor=more, unread=count)

    @routes.action("notifications.read")
    async def mark_read(
        item_id: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> InboxItemView:
        """Marks an inbox item as read."""
        placed, stored = await commands.mark_read(item_id, caller, attempt)
        say_if_replayed(response, stored.replayed)
        return InboxItemView.of(placed, stored.state)

    @routes.action("notifications.read-all")
    async def mark_all_read(_: Empty, caller: CallerOf, attempt: AttemptOf, response: Response) -> UnreadView:
        """Marks all inbox items as read that have come so far."""
        say_if_replayed(response, (await commands.mark_all_read(caller, attempt)).replayed)
        return UnreadView(unread=await queries.count_unread(caller))
