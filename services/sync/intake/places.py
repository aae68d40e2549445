"""The order of the batches of a jurisdiction: dense, unique, and never lost between two writes.

Taking a place is one insert with the place's number as its id, so two commits at once cannot get the same one, and a
place is only tried once the one before it exists. A batch has one place in each round (unique index), so a commit that was
interrupted after taking it finds it again. The counter only says where to begin trying.
"""

from dataclasses import dataclass
from datetime import datetime

from services.sync.intake.batch import Batch, Place
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel, guarded, literal, upsert
from shared.values.jurisdictions import Jurisdiction


@dataclass(frozen=True)
class Places:
    """`waiting` stands in a place until its batch is finished."""

    collection: Collection
    counters: Collection

    async def prepare(self) -> None:
        await self.collection.create_indexes(
            [
                IndexModel([("batch_id", 1), ("round", 1)], unique=True),  # written once, with the place
                IndexModel([("waiting", 1), ("list", 1), ("seq", 1)], sparse=True),
            ]
        )
        if "batch_id_1" in await self.collection.index_information():  # of 0.2.0, where a batch had one round
            await self.collection.drop_index("batch_id_1")

    async def of(self, batch_id: str) -> Place | None:
        """The place that the batch has in its last round, if it has one."""
        found = [Place.model_validate(each) async for each in self.collection.find({"batch_id": batch_id})]
        return max(found, key=lambda each: each.round, default=None)

    async def waits(self, batch_id: str) -> bool:
        """Whether the batch has a place that was not left yet."""
        return await self.collection.find_one({"batch_id": batch_id, "waiting": True}) is not None

    async def take(self, batch: Batch, parts: int, at: datetime, traceparent: str | None = None) -> Place:
        """The next place of the jurisdiction for this batch, or the one it already has in this round."""
        seq = await self._last(batch.jurisdiction)
        while True:
            seq += 1
            place = Place(
                jurisdiction=batch.jurisdiction,
                seq=seq,
                batch_id=batch.id,
                list=batch.list,
                parts=parts,
                at=at,
                traceparent=traceparent,
                round=batch.round,
            )
            try:
                await self.collection.insert_one(_document(place))
            except DuplicateKeyError:
                earlier = await self.of(batch.id)
                if earlier and earlier.round == batch.round:
                    return earlier
                continue
            await self._count(batch.jurisdiction, seq)
            return place

    async def waiting(self) -> list[Place]:
        """The places whose batches are not finished, first come first."""
        found = [Place.model_validate(document) async for document in self.collection.find({"waiting": True})]
        return sorted(found, key=lambda place: place.seq)

    async def first_waiting(self, list_: str) -> Place | None:
        """The batch that may work on this list now."""
        document = await self.collection.find_one({"waiting": True, "list": list_}, sort=[("seq", 1)])
        return Place.model_validate(document) if document else None

    async def done(self, place: Place) -> None:
        """Lets the next batch of the list begin."""
        await self.collection.update_one({"_id": _id(place.jurisdiction, place.seq)}, {"$unset": {"waiting": ""}})

    async def go_on_above(self, jurisdiction: Jurisdiction, seq: int) -> None:
        """No place up to this one is given any more: batches that a restored database does not know had them."""
        await self._count(jurisdiction, seq)

    async def _last(self, jurisdiction: Jurisdiction) -> int:
        counter = await self.counters.find_one({"_id": jurisdiction.value})
        return int(counter["seq"]) if counter else 0

    async def _count(self, jurisdiction: Jurisdiction, seq: int) -> None:
        higher = {"$lt": [{"$ifNull": ["$seq", 0]}, seq]}
        document = literal({"_id": jurisdiction.value, "seq": seq})
        await upsert(self.counters, jurisdiction.value, guarded(higher, document))


def _id(jurisdiction: Jurisdiction, seq: int) -> str:
    return f"{jurisdiction}/{seq}"


def _document(place: Place) -> Document:
    """0.2.0 knew no rounds: what it wrote is of the first, and it reads those of the first alone."""
    rounds = {"round"} if place.round == 1 else set()
    return {"_id": _id(place.jurisdiction, place.seq), **place.model_dump(exclude=rounds), "waiting": True}
