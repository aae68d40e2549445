"""Notices: events of which somebody may still have to be told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.events.envelope import Event
from shared.mongo import Collection, Document, IndexModel

KEPT = timedelta(days=8)
"""Longer than the seven days within which anybody is told."""

_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Notice:
    """An event of which somebody may still have to be told."""

    id: str
    event: Event


@dataclass(frozen=True)
class Notices:
    """Events that circles were told of, kept for members who become known later, and events that wait for their challenge."""

    collection: Collection

    async def prepare(self) -> None:
        await self.collection.create_indexes(
            [
                IndexModel([("audience", 1), ("at", 1)]),
                IndexModel("awaits", sparse=True),
                IndexModel("at", expireAfterSeconds=int(KEPT.total_seconds())),
            ]
        )

    async def to_circle(self, event: Event, circle: str) -> None:
        await self._keep(event, {"audience": circle})

    async def until_challenge(self, event: Event, challenge_id: str) -> None:
        await self._keep(event, {"awaits": f"challenge/{challenge_id}"})

    async def told_to(self, circle: str, since: datetime) -> list[Notice]:
        """The events that the circle was told of from this moment on."""
        return await self._where({"audience": circle, "at": {"$gte": since, "$lte": _LATEST}})

    async def awaiting(self, challenge_id: str) -> list[Notice]:
        return await self._where({"awaits": f"challenge/{challenge_id}"})

    async def no_longer_awaits(self, notice: Notice) -> None:
        await self.collection.update_one({"_id": notice.id}, {"$unset": {"awaits": ""}})

    async def _keep(self, event: Event, why: Document) -> None:
        document = {"event": event.to_document(), "at": event.time, **why}
        await self.collection.update_one({"_id": event.id}, {"$set": document}, upsert=True)

    async def _where(self, query: Document) -> list[Notice]:
        cursor = self.collection.find(query)
        return [Notice(each["_id"], Event.from_document(each["event"])) async for each in cursor]
