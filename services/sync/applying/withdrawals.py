"""What a snapshot withdraws: found in its place with the list at rest, and kept piece by piece until its last row is applied.

Whoever decides about a waiting snapshot reads this list, and so does whoever asks later what it took away.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.sync.intake.batch import Batch
from services.sync.intake.snapshots import Weighed
from services.sync.records.current import Listed, Records
from shared.aggregates.stored_state import Kept
from shared.mongo import Collection, DuplicateKeyError
from shared.values.clock import Clock, now

PIECE_RECORDS = 500


class Piece(Kept):
    """Records to withdraw, in the order of their ids. `at` is when they were found."""

    records: tuple[Listed, ...]
    at: datetime | None = None


@dataclass(frozen=True)
class Withdrawals:
    """One document per piece of each round of a batch: as many as PIECE_RECORDS records, the last one fewer."""

    collection: Collection
    records: Records
    clock: Clock = now

    async def weigh(self, batch: Batch, named: frozenset[str]) -> Weighed:
        """Finds and keeps what the list holds beyond these source_ids. Again in the same round: the same."""
        standing = missing = pieces = 0
        found: list[Listed] = []
        async for record in self.records.listed(batch.list):
            standing += 1
            if record.source_id not in named:
                missing += 1
                found.append(record)
            if len(found) == PIECE_RECORDS:
                await self._keep(batch, pieces, found)
                pieces, found = pieces + 1, []
        if found:
            await self._keep(batch, pieces, found)
        return Weighed(records=standing, missing=missing)

    async def piece(self, batch: Batch, number: int) -> tuple[Listed, ...]:
        """A piece of the last round, from 0; empty where there is none."""
        document = await self.collection.find_one({"_id": _id(batch, number)})
        return Piece.model_validate(document).records if document else ()

    async def _keep(self, batch: Batch, number: int, records: Sequence[Listed]) -> None:
        kept = Piece(records=tuple(records), at=self.clock()).model_dump()
        with suppress(DuplicateKeyError):  # an interrupted weighing found it before
            await self.collection.insert_one({"_id": _id(batch, number), **kept})


def _id(batch: Batch, number: int) -> str:
    """While it waits, the round is that in which it was weighed."""
    return f"{batch.id}/{batch.round}/{number}"
