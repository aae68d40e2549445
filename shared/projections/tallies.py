"""The number of documents of a generation and the time of its newest event, kept beside the pointer instead of counted.

A process adds up its writes in memory and stores the sum a few times a second, so that a batch costs no further write. A
process that is killed loses the last sum: the number may be a few batches too small, which only operators look at.
"""

import contextlib
from dataclasses import dataclass
from datetime import datetime

from shared.mongo import Collection, DuplicateKeyError


@dataclass(frozen=True)
class Held:
    """The stored sums of a generation; tombstones count as documents."""

    documents: int = 0
    as_of: datetime | None = None
    """The time of the newest event in it."""


@dataclass
class Tally:
    """The writes of this process to one generation that are not stored yet."""

    collection: Collection
    generation: str
    _documents: int = 0
    _as_of: datetime | None = None

    def add(self, documents: int, as_of: datetime) -> None:
        """So many new documents, the newest of the events at this time."""
        self._documents += documents
        self._as_of = max(as_of, self._as_of or as_of)

    async def put_down(self) -> None:
        """Writes it, where there is something to write. A fault leaves it for the next time."""
        documents, as_of = self._documents, self._as_of
        if as_of is None:
            return
        changes = {"$inc": {"documents": documents}, "$max": {"as_of": as_of}}
        await self.collection.update_one({"_id": self.generation}, changes, upsert=True)
        self._documents -= documents
        if self._as_of == as_of:
            self._as_of = None

    async def held(self) -> Held:
        """The sums of all processes, as far as they are stored. Reads one document."""
        found = await self.collection.find_one({"_id": self.generation}) or {}
        return Held(int(found.get("documents", 0)), found.get("as_of"))

    async def begin(self, counted: Collection) -> None:
        """Counts once what an earlier version, which kept no tally, has left; its time is known from the next event on."""
        if await self.collection.find_one({"_id": self.generation}) is None:
            documents = await counted.estimated_document_count()
            with contextlib.suppress(DuplicateKeyError):  # another replica was faster
                await self.collection.insert_one({"_id": self.generation, "documents": documents})

    async def forget(self) -> None:
        """Of a generation that is dropped."""
        await self.collection.delete_one({"_id": self.generation})
