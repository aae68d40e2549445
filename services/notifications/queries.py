"""What can be read here."""

from dataclasses import dataclass
from heapq import merge

from services.notifications.inbox.domain import InboxItem
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.preferences.domain import DEFAULT, Preferences
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.store import Ledger
from services.notifications.subjects.messages import MESSAGES
from shared.access.checking import Caller
from shared.aggregates.aggregates import Aggregates, Stored
from shared.http import paging
from shared.wechat.client import Template


@dataclass(frozen=True)
class Queries:
    """Everything that is answered without changing anything."""

    inbox: Inbox
    ledger: Ledger
    preferences: Aggregates[Preferences]
    console: Console
    names: Names

    async def list_inbox(
        self, caller: Caller, *, unread: bool, limit: int, cursor: str | None
    ) -> tuple[list[InboxItem], str | None, int]:
        """A page, the next page's cursor, and how many items are unread in all."""
        before = paging.decode_text(cursor)
        pages = [
            await self.inbox.page(name, unread=unread, before=before, limit=limit + 1) for name in self._mine(caller)
        ]
        page = list(merge(*pages, key=lambda item: item.position, reverse=True))
        more = paging.encode(page[limit - 1].position) if len(page) > limit else None
        return page[:limit], more, await self.count_unread(caller)

    async def count_unread(self, caller: Caller) -> int:
        """How much of one's inbox is unread."""
        return sum([await self.inbox.count_unread(name) for name in self._mine(caller)])

    def _mine(self, caller: Caller) -> tuple[str, str]:
        return self.names.everyday(caller.id), self.names.sealed(caller.id)

    async def show_preferences(self, caller: Caller) -> Stored[Preferences]:
        """One's own, or what holds for everybody who has set none."""
        return await self.preferences.find(self.names.everyday(caller.id)) or Stored(DEFAULT, version=0, revision=0)

    def list_templates(self) -> list[tuple[Template, list[str]]]:
        """The templates that can be asked for, each with the events that use it."""
        return [
            (template, sorted({message.event for message in MESSAGES if message.template == name}))
            for name, template in sorted(self.console.found.items())
        ]

    async def list_deliveries(
        self, caller: Caller, status: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Delivery], str | None]:
        """The newest first, a city's own for its operators. Rows about sealed claims are left out, whoever asks."""
        page = await self.ledger.page(caller, status, paging.decode_text(cursor), limit + 1)
        return page[:limit], paging.encode(page[limit - 1].position) if len(page) > limit else None
