"""The worker: applies committed batches chunk by chunk, so that a crash anywhere is repaired by doing a chunk again.

A chunk is loaded, decided and written under the guard of its records' versions; then it is published, and its verdicts are
kept, both at once; only when both are done, the publication acknowledged, does the progress move. What the progress does not
count is done again and comes out the same, for the records remember the verdict that they got: so it does not matter which
of the two a death left undone. Verdicts that were kept already stay, and nobody is shown those beyond the progress. A snapshot is
weighed before its first row, and after its last one withdraws what it lacks, piece by piece in the same way.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import structlog

from services.sync.applying.batch_rows import BatchRows
from services.sync.applying.receipts import Progress, Receipts, Since
from services.sync.applying.verdicts import Outcome, Superseded, decide_chunk, withdrawn
from services.sync.applying.withdrawals import Withdrawals
from services.sync.intake import batch as batches
from services.sync.intake import snapshots
from services.sync.intake.batch import Batch, Place
from services.sync.intake.parts import PartsGone
from services.sync.intake.store import Intake
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from services.sync.records.record import published
from services.sync.rows.reading import Pushed, Reading, doubted_codes, read_row, without_doubt
from shared.aggregates.decisions import SYSTEM
from shared.events.envelope import Event
from shared.messaging.faults import is_infrastructure
from shared.telemetry import current_traceparent
from shared.values.clock import Clock, now

log = structlog.get_logger(__name__)

CHUNK_ROWS = 500
TRIES = 3
"""How often a chunk may fail by our own fault before its batch is given up."""

Publish = Callable[[Sequence[Event]], Awaitable[None]]
Confirmed = Callable[[Iterable[str]], Awaitable[set[str]]]
"""Which of some credit codes an operator has confirmed, wrong as their check digits are."""


@dataclass
class Worker:
    """Works on what it is ordered to. Orders may come twice, late, or in another process at the same time."""

    intake: Intake
    receipts: Receipts
    records: Records
    lists: Lists
    withdrawals: Withdrawals
    confirmed: Confirmed
    publish: Publish
    clock: Clock = now
    stopwatch: Callable[[], float] = time.monotonic
    rows: BatchRows = field(init=False)
    _seen: dict[str, int] | None = None
    _failures: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rows = BatchRows(self.intake.parts)

    async def advance(self, batch_id: str, seconds: float) -> None:
        """Goes on with the batch for so long, unless an earlier one of its list must be finished first.

        A chunk is done at least, and no chunk is broken off.

        An order for a batch that is finished orders the one after it: whoever finished it may have died before that.
        """
        place = await self.intake.places.of(batch_id)
        first = await self.intake.places.first_waiting(place.list) if place else None
        if place is None or first is None or place.seq > first.seq:
            return
        if place.seq < first.seq:
            await self._order(first, 0)
            return
        try:
            await self._advance(place, seconds)
        except (Superseded, PartsGone) as finished:
            log.info("batch.finished_elsewhere", batch_id=batch_id, reason=str(finished))
        except Exception as error:
            if not is_infrastructure(error):
                log.warning("batch.chunk_failed", batch_id=batch_id, error=type(error).__name__)
                await self._failed(place)
            raise

    async def repair(self) -> None:
        """Orders on what stands still: each list's first unfinished batch, if it is where it was at the last look.

        The first look after a start orders all: the order may have died with the process before.
        """
        firsts: dict[str, Place] = {}
        for batch in await self.intake.without_place():
            await self.intake.places.take(batch, batch.parts or 0, self.clock())
        for place in await self.intake.places.waiting():
            await self._committed(place)
            firsts.setdefault(place.list, place)
        seen = {place.batch_id: (await self.receipts.how_far(place.batch_id)).chunks for place in firsts.values()}
        for place in firsts.values():
            if self._seen is None or self._seen.get(place.batch_id) == seen[place.batch_id]:
                await self._order(place, seen[place.batch_id])
        self._seen = seen

    async def _advance(self, place: Place, seconds: float) -> None:
        batch = await self._committed(place)
        in_turn = batch.seq == place.seq and not batch.is_finished
        if in_turn and (progress := await self._begun(batch, place)):
            progress = await self._work(batch, progress, seconds)
            if not progress.is_whole(batch.rows):
                await self._order(place, progress.chunks)
                return
            await self._finish(batch, progress)
        await self._leave(place)

    async def _begun(self, batch: Batch, place: Place) -> Progress | None:
        """How far it is. None: a snapshot that withdraws so much that it leaves its place, and waits for a person."""
        progress = await self.receipts.how_far(batch.id)
        if batch.mode == "delta" or progress.to_withdraw is not None:
            return progress
        weighed = await self.withdrawals.weigh(batch, await self.rows.named(batch))
        if snapshots.needs_approval(batch, weighed):
            await self.intake.batches.change(batch.id, lambda each: snapshots.wait(each, place, weighed.missing))
            return None
        if await self.intake.places.first_waiting(place.list) != place:
            raise Superseded(f"{batch.id}: its place was left while it was weighed, and the list is not at rest")
        return await self.receipts.move(batch.id, progress.weighed(weighed.missing))

    async def _leave(self, place: Place) -> None:
        """The next batch of the list may begin."""
        await self.intake.places.done(place)
        if following := await self.intake.places.first_waiting(place.list):
            await self._order(following, 0)

    async def _failed(self, place: Place) -> None:
        """A fault that waiting does not help. Some times over, and the batch is given up: it must not block its list."""
        self._failures[place.batch_id] += 1
        if self._failures[place.batch_id] < TRIES:
            return
        batch = await self._committed(place)
        progress = await self.receipts.how_far(batch.id)
        log.error("batch.given_up", batch_id=batch.id, rows_done=progress.rows, rows=batch.rows)
        await self.intake.parts.forget(batch.id)
        if not batch.dry_run:
            # The chunk that failed may have written records that no count knows of.
            await self.lists.recount(batch, await self.records.count(batch.list))
        await self.intake.batches.change(
            batch.id,
            lambda each: batches.fail(each, progress.counts, progress.warnings, self.clock(), progress.withdrawn),
        )
        await self._leave(place)

    async def _committed(self, place: Place) -> Batch:
        """The batch of a place. A commit that was interrupted after it took the place is completed."""
        stored = await self.intake.batches.change(place.batch_id, lambda batch: batches.commit(batch, place, SYSTEM))
        return stored.state

    async def _work(self, batch: Batch, progress: Progress, seconds: float) -> Progress:
        """Chunks, then pieces to withdraw, until the batch or its time is at its end."""
        until = self.stopwatch() + seconds
        while not progress.is_whole(batch.rows):
            has_rows = progress.rows < batch.rows
            progress = await (self._chunk(batch, progress) if has_rows else self._withdraw(batch, progress))
            if self.stopwatch() >= until:
                break
        return progress

    async def _chunk(self, batch: Batch, progress: Progress) -> Progress:
        first_row = progress.rows + 1
        outcomes = await self._decided(batch, first_row)
        await asyncio.gather(
            self.publish([published(each.record, current_traceparent()) for each in outcomes if each.record]),
            self.receipts.keep(batch.id, progress.chunks, first_row, outcomes, batch.columns),
        )
        return await self.receipts.move(
            batch.id, progress.after(outcomes, await self._since(batch, progress, outcomes))
        )

    async def _since(self, batch: Batch, progress: Progress, outcomes: Sequence[Outcome]) -> Since:
        """What of the chunk is not as in the dry run, whose chunks are cut alike."""
        if batch.follows is None:
            return Since()
        earlier = await self.receipts.of_chunk(batch.follows, progress.chunks)
        return Since.between(earlier, progress.rows + 1, outcomes)

    async def _withdraw(self, batch: Batch, progress: Progress) -> Progress:
        piece = await self.withdrawals.piece(batch, progress.pieces)
        if not batch.dry_run:
            stored = await self.records.load(batch.list, [each.source_id for each in piece])
            gone = [
                withdrawn(batch, stored[each.source_id], number)
                for number, each in enumerate(piece, progress.withdrawn + 1)
            ]
            await self.records.write(gone, stored)
            await self.publish([published(each, current_traceparent()) for each in gone])
        return await self.receipts.move(batch.id, progress.after_withdrawing(len(piece)))

    async def _decided(self, batch: Batch, first_row: int) -> list[Outcome]:
        """The verdicts on a chunk, its records written."""
        outline = await self.rows.outline(batch)
        rows = await self.rows.take(batch, first_row, CHUNK_ROWS)
        readings = await self._without_doubt(await asyncio.to_thread(_read, batch, rows))
        stored = await self.records.load(batch.list, {each.source_id for each in readings if each.source_id})
        numbers = range(first_row, first_row + len(rows))
        places = await self.rows.places(batch, (outline.winning[each] for each in numbers if each in outline.winning))
        outcomes = await asyncio.to_thread(decide_chunk, batch, first_row, readings, stored, outline.winning, places)
        await self.records.write([each.record for each in outcomes if each.record], stored)
        return outcomes

    async def _without_doubt(self, readings: list[Reading]) -> list[Reading]:
        """The readings, without the doubts that an operator has settled."""
        if not (doubted := set(chain.from_iterable(map(doubted_codes, readings)))):
            return readings
        settled = await self.confirmed(doubted)
        return [without_doubt(each, settled) for each in readings] if settled else readings

    async def _finish(self, batch: Batch, progress: Progress) -> None:
        """Its rows are dropped and its list knows of it before the batch says so."""
        await self.intake.parts.forget(batch.id)
        if not batch.dry_run:
            await self.lists.settle(batch, progress.counts, progress.withdrawn)
        await self.intake.batches.change(
            batch.id,
            lambda each: batches.finish(each, progress.counts, progress.warnings, self.clock(), progress.withdrawn),
        )

    async def _order(self, place: Place, chunks_done: int) -> None:
        await self.publish([batches.advance(place, chunks_done, self.clock())])


def _read(batch: Batch, rows: Sequence[bytes]) -> list[Reading]:
    pushed = Pushed(batch.kind, batch.coordinates, batch.jurisdiction)
    return [read_row(row, pushed) for row in rows]
