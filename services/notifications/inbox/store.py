"""Inbox items in their collection."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.inbox.domain import InboxItem
from shared.aggregates.attempts import Attempt, remember
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel


@dataclass(frozen=True)
class Inbox:
    """Inbox items, one per event and recipient."""

    collection: Collection

    async def prepare(self) -> None:
        await self.collection.create_indexes(
            [
                IndexModel([("recipient", 1), ("position", 1)]),
                IndexModel([("recipient", 1), ("unread", 1), ("position", 1)]),
            ]
        )

    async def put(self, item: InboxItem) -> InboxItem:
        """The item that is there now: this one, or the one that told of the same event earlier."""
        content = item.model_dump(exclude={"id"})
        try:
            await self.collection.insert_one({"_id": item.id, **content, "position": item.position, "unread": True})
        except DuplicateKeyError:
            return await self.find(item.id) or item
        return item

    async def find(self, item_id: str) -> InboxItem | None:
        document = await self.collection.find_one({"_id": item_id})
        return _item(document) if document else None

    async def page(self, recipient: str, *, unread: bool, before: str | None, limit: int) -> list[InboxItem]:
        """The newest first."""
        query: Document = {"recipient": recipient, "position": {"$gte": "", "$lt": before or "~"}}
        if unread:
            query["unread"] = True
        found = await self.collection.find(query).sort("position", -1).to_list(limit)
        return [_item(document) for document in found]

    async def count_unread(self, recipient: str) -> int:
        return int(await self.collection.count_documents({"recipient": recipient, "unread": True}))

    async def mark_read(self, item: InboxItem, at: datetime, attempt: Attempt) -> tuple[InboxItem, bool]:
        """The item, which keeps the moment it was first read, and whether the attempt had been made before."""
        while True:
            document = await self.collection.find_one({"_id": item.id}) or {}
            attempts = document.get("attempts")
            if attempt.was_made(attempts or []):
                return _item(document), True
            read_at = document["read_at"] or at
            changes = {"unread": False, "read_at": read_at, "attempts": remember(attempts or [], attempt)}
            found = await self.collection.update_one({"_id": item.id, "attempts": attempts}, {"$set": changes})
            if found.modified_count:
                return item.model_copy(update={"read_at": read_at}), False

    async def mark_all_read(self, recipient: str, up_to: datetime) -> None:
        """What had been told by then."""
        wanted = {"recipient": recipient, "unread": True, "created_at": {"$lte": up_to}}
        await self.collection.update_many(wanted, {"$set": {"unread": False, "read_at": up_to}})


def _item(document: Document) -> InboxItem:
    return InboxItem.model_validate({"id": document["_id"], **document})
