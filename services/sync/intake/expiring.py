"""What is not committed in time is discarded: a batch that stays open holds the telephone numbers of its parts.

The batch says so first, in a guarded write, so that of a commit and this one wins; then its parts go. What a request that had
begun before still puts goes with the next round. The batch itself stays for a while, so that its city is told what became of
it, and then goes too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from services.sync.intake import batch as batches
from services.sync.intake.batch import DISCARDED_FOR, OPEN_FOR, Batch
from services.sync.intake.store import Intake
from shared.aggregates.decisions import Decision
from shared.mongo import Document
from shared.values.clock import Clock, now

log = structlog.get_logger(__name__)

EXPIRE_SECONDS = 600.0
_AT_ONCE = 500
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Expiring:
    """Any replica may do it, and twice does no harm."""

    intake: Intake
    clock: Clock = now

    async def expire(self) -> None:
        """One round."""
        at = self.clock()
        for batch in await self._in_state("open", at - OPEN_FOR):
            await self._discard(batch.id, at)
        discarded = await self._in_state("discarded", at)
        for start in range(0, len(discarded), _AT_ONCE):
            ids = [each.id for each in discarded[start : start + _AT_ONCE]]
            if parts := await self.intake.parts.remove(ids):
                log.info("batch.parts_removed", parts=parts)
            await self.intake.files.remove(ids)
        await self._forget([each for each in discarded if at - each.created_at > OPEN_FOR + DISCARDED_FOR])

    async def _discard(self, batch_id: str, at: datetime) -> None:
        async def decided(batch: Batch) -> Decision[Batch] | None:
            # A commit that took a place and was cut off is completed by the worker.
            return None if await self.intake.places.of(batch.id) else batches.discard(batch, at)

        await self.intake.batches.change_with(batch_id, decided)

    async def _forget(self, batches_: Sequence[Batch]) -> None:
        for batch in batches_:
            if not await self.intake.places.waits(batch.id):  # the worker still asks what stands there
                await self.intake.batches.collection.delete_one({"_id": batch.id, "state.state": "discarded"})

    async def _in_state(self, state: str, created_before: datetime) -> list[Batch]:
        created: Document = {"$gte": _EARLIEST, "$lte": created_before}
        found = await self.intake.batches.where({"state.state": state, "state.created_at": created})
        return [each.state for each in found]
