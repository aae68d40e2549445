"""The parts of a batch: numbered pieces of NDJSON, each stored once, their rows dropped when the batch is finished."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.sync.intake.batch import PartHead
from shared.aggregates.attempts import KEPT, Attempt
from shared.mongo import Collection, Document, IndexModel
from shared.values.clock import Clock, now

_HEAD = {"part": 1, "rows": 1, "sha256": 1}


class PartsGone(Exception):
    """The rows are no longer kept: the batch was finished by somebody else."""


@dataclass(frozen=True)
class Parts:
    """One document per part, with the attempts that put it: a key is of one part (unique index).

    `source_ids` has one entry per row, None where a row names none. `dropped_at` is when the rows were dropped.
    """

    collection: Collection
    clock: Clock = now

    async def prepare(self) -> None:
        await self.collection.create_indexes(
            [IndexModel([("batch_id", 1), ("part", 1)]), IndexModel("attempts.mark", unique=True, sparse=True)]
        )

    async def put(
        self, batch_id: str, head: PartHead, body: bytes, source_ids: Sequence[str | None], attempt: Attempt
    ) -> None:
        """Keeps a part. DuplicateKeyError when there is one with this number, or of this attempt."""
        document = {
            "_id": _id(batch_id, head.part),
            "batch_id": batch_id,
            **head.model_dump(),
            "body": body,
            "source_ids": list(source_ids),
            "attempts": [attempt.remembered()],
        }
        await self.collection.insert_one(document)

    async def was_put(self, attempt: Attempt) -> bool:
        """Whether the attempt put a part. Refused when its key came with another part or body."""
        document = await self.collection.find_one({"attempts.mark": attempt.mark}, {"attempts": 1})
        return document is not None and attempt.was_made(document["attempts"])

    async def remember(self, batch_id: str, part: int, attempt: Attempt) -> None:
        """The part was put again by this attempt. DuplicateKeyError when the key came with another part."""
        known = {"$each": [attempt.remembered()], "$slice": -KEPT}
        await self.collection.update_one({"_id": _id(batch_id, part)}, {"$push": {"attempts": known}})

    async def head(self, batch_id: str, part: int) -> PartHead | None:
        """The part without its rows; it stays after the rows are dropped."""
        document = await self.collection.find_one({"_id": _id(batch_id, part)}, _HEAD)
        return _head(document) if document else None

    async def heads(self, batch_id: str) -> list[PartHead]:
        """All parts in order, without their rows."""
        found = [_head(each) async for each in self.collection.find({"batch_id": batch_id}, _HEAD)]
        return sorted(found, key=lambda head: head.part)

    async def body(self, batch_id: str, part: int) -> bytes:
        """The part's bytes. PartsGone when they are no longer kept."""
        return bytes((await self._kept(batch_id, part, "body"))["body"])

    async def source_ids(self, batch_id: str, part: int) -> list[str | None]:
        """The ids of the part's rows in order. PartsGone when they are no longer kept."""
        return list((await self._kept(batch_id, part, "source_ids"))["source_ids"])

    async def forget(self, batch_id: str) -> None:
        """Drops the rows, which hold personal data, and keeps the heads, so that a part put again is recognised."""
        dropped = {"$unset": {"body": "", "source_ids": ""}, "$set": {"dropped_at": self.clock()}}
        await self.collection.update_many({"batch_id": batch_id}, dropped)

    async def remove(self, batch_ids: Sequence[str]) -> int:
        """Removes the parts of these batches, heads and all; how many there were."""
        return int((await self.collection.delete_many({"batch_id": {"$in": list(batch_ids)}})).deleted_count)

    async def _kept(self, batch_id: str, part: int, field: str) -> Document:
        document = await self.collection.find_one({"_id": _id(batch_id, part)}, {field: 1})
        if document is None or field not in document:
            raise PartsGone(f"{batch_id}: part {part} has no {field}")
        return document


def _id(batch_id: str, part: int) -> str:
    return f"{batch_id}/{part}"


def _head(document: Document) -> PartHead:
    return PartHead.model_validate({name: document[name] for name in _HEAD})
