"""Pages of an inbox, at a cost that does not depend on what it holds."""

from dataclasses import dataclass
from itertools import islice

from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Inbox, Placed
from services.notifications.names import Names
from shared.access.checking import Caller
from shared.aggregates.aggregates import Aggregates
from shared.http import paging


@dataclass(frozen=True)
class InboxQueries:
    """Everything that is answered about one's inbox."""

    inbox: Inbox
    readers: Aggregates[Reader]
    names: Names

    async def page(
        self, caller: Caller, *, unread: bool, limit: int, cursor: str | None
    ) -> tuple[list[Placed], str | None, Reader, int]:
        """The newest first: a page, the next page's cursor, the reader, and how many items are unread in all."""
        before = _position(cursor)
        length, reader = await self.inbox.length(caller.id), await self.reader(caller)
        below = length if before is None else min(before, length)
        positions = reader.unread_below(below) if unread else iter(range(below - 1, -1, -1))
        wanted = list(islice(positions, limit + 1))
        more = paging.encode(str(wanted[limit - 1])) if len(wanted) > limit else None
        return await self.inbox.at(caller.id, wanted[:limit]), more, reader, max(0, length - reader.read)

    async def count_unread(self, caller: Caller) -> int:
        """How much of one's inbox is unread."""
        reader = await self.reader(caller)
        return max(0, await self.inbox.length(caller.id) - reader.read)

    async def reader(self, caller: Caller) -> Reader:
        """What the caller has read."""
        name = self.names.everyday(caller.id)
        found = await self.readers.find(name)
        return found.state if found else Reader(id=name)


def _position(cursor: str | None) -> int | None:
    """A cursor is the position of the last item that was shown."""
    text = paging.decode_text(cursor)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise paging.bad_cursor()
    return int(text)
