"""Inbox items in private lists: nobody can tell from what is stored whose an item is, or what it is about."""

from dataclasses import dataclass

from services.notifications.inbox.domain import InboxItem
from shared.aggregates.private_lists import Entry, PrivateLists


@dataclass(frozen=True)
class Placed:
    """An item with its place in the inbox; `id` is its public id."""

    id: str
    position: int
    item: InboxItem


@dataclass(frozen=True)
class Inbox:
    """Everybody's inbox items, one per event and person."""

    lists: PrivateLists

    async def append(self, user_id: str, item: InboxItem) -> InboxItem:
        """The item that is there now: this one, or the one that told of the same event earlier."""
        entry = await self.lists.append(user_id, item.event_id, item.model_dump(mode="json"))
        return InboxItem.model_validate(entry.content)

    async def find(self, user_id: str, item_id: str) -> Placed | None:
        """The person's own item with this id, or None."""
        entry = await self.lists.find_by_id(user_id, item_id)
        return self._placed(user_id, entry) if entry else None

    async def at(self, user_id: str, positions: list[int]) -> list[Placed]:
        """The items at these positions, in this order."""
        return [self._placed(user_id, entry) for entry in await self.lists.at(user_id, positions)]

    async def bounds(self, user_id: str) -> tuple[int, int]:
        """The first position that is not gone, and the length."""
        return await self.lists.bounds(user_id)

    async def length(self, user_id: str) -> int:
        """How many items the inbox holds."""
        return await self.lists.length(user_id)

    def _placed(self, user_id: str, entry: Entry) -> Placed:
        item = InboxItem.model_validate(entry.content)
        return Placed(self.lists.name_id(user_id, entry.name), entry.position, item)
