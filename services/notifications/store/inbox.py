"""Inbox items in their collection."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.inbox import InboxItem
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel, guarded


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

    async def mark_read(self, item_id: str, at: datetime) -> None:
        """Once: an item keeps the moment it was first read."""
        read = {"$mergeObjects": ["$$ROOT", {"unread": False, "read_at": at}]}
        await self.collection.update_one({"_id": item_id}, guarded({"$eq": ["$unread", True]}, read))

    async def mark_all_read(self, recipient: str, at: datetime) -> None:
        changes = {"$set": {"unread": False, "read_at": at}}
        await self.collection.update_many({"recipient": recipient, "unread": True}, changes)


def _item(document: Document) -> InboxItem:
    return InboxItem.model_validate({"id": document["_id"], **document})
