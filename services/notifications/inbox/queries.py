"""Pages of an inbox, at a cost that does not depend on what it holds."""

from dataclasses import dataclass
from itertools import islice, takewhile

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
        (first, length), reader = await self.inbox.bounds(caller.id), await self.reader(caller)
        below = length if before is None else min(before, length)
        unread_ones = takewhile(lambda position: position >= first, reader.unread_below(below))
        positions = unread_ones if unread else iter(range(below - 1, first - 1, -1))
        wanted = list(islice(positions, limit + 1))
        more = paging.encode(str(wanted[limit - 1])) if len(wanted) > limit else None
        return await self.inbox.at(caller.id, wanted[:limit]), more, reader, _unread(reader, first, length)

    async def count_unread(self, caller: Caller) -> int:
        """How much of one's inbox is unread."""
        reader = await self.reader(caller)
        return _unread(reader, *await self.inbox.bounds(caller.id))

    async def reader(self, caller: Caller) -> Reader:
        """What the caller has read."""
        name = self.names.everyday(caller.id)
        found = await self.readers.find(name)
        return found.state if found else Reader(id=name)


def _unread(reader: Reader, first: int, length: int) -> int:
    return max(0, length - first - reader.read_from(first))


def _position(cursor: str | None) -> int | None:
    """A cursor is the position of the last item that was shown."""
    text = paging.decode_text(cursor)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise paging.bad_cursor()
    return int(text)
