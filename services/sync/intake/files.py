"""The files that were uploaded in a browser, as they came, in pieces. What a piece holds is sealed before it gets here."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from shared.mongo import Collection, DuplicateKeyError, IndexModel
from shared.values.clock import Clock, now


@dataclass(frozen=True)
class Files:
    """One document per piece. `at` is when it was kept."""

    collection: Collection
    clock: Clock = now

    async def prepare(self) -> None:
        await self.collection.create_indexes([IndexModel([("batch_id", 1), ("piece", 1)])])

    async def put(self, batch_id: str, piece: int, sealed: bytes) -> None:
        """Keeps a piece, once: what was kept first stays."""
        document = {"_id": f"{batch_id}/{piece}", "batch_id": batch_id, "piece": piece, "sealed": sealed}
        with suppress(DuplicateKeyError):
            await self.collection.insert_one({**document, "at": self.clock()})

    async def pieces(self, batch_id: str) -> AsyncIterator[tuple[int, bytes]]:
        """The pieces in order; none where there is no file, or no longer."""
        number = 0
        while found := await self.collection.find_one({"_id": f"{batch_id}/{number}"}):
            yield number, bytes(found["sealed"])
            number += 1

    async def remove(self, batch_ids: Sequence[str]) -> None:
        """Removes the files of these batches."""
        await self.collection.delete_many({"batch_id": {"$in": list(batch_ids)}})
