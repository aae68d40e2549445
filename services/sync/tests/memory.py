"""The store in memory, with a power switch: the process may die before or after any single effect.

The fakes keep the promises of the stores, one effect each; what is published is kept in order, as Kafka would.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from services.sync.applying.applied import Applied
from services.sync.applying.batch_rows import BatchRows
from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.receipts import Progress
from services.sync.applying.verdicts import Outcome
from services.sync.applying.withdrawals import Withdrawals
from services.sync.applying.worker import Worker
from services.sync.intake import snapshots
from services.sync.intake.batch import Batch, Mode, PartHead, Place, published
from services.sync.intake.part_bodies import source_ids_of
from services.sync.intake.parts import PartsGone
from services.sync.intake.store import Intake
from services.sync.records.current import Records
from services.sync.records.feed import Feed
from services.sync.records.record import StoredRecord, document_of, record_id, record_of
from services.sync.records.versions import Overwritten, Versions, kept_of
from services.sync.tests.builders import LATER, open_batch, place
from shared.aggregates.attempts import Attempt
from shared.events.envelope import Event
from shared.events.sync import AdvanceBatch, Kind, VerdictCounts
from shared.mongo import Document, DuplicateKeyError
from shared.tests.memory import MemoryAggregates, MemoryCollection

_STEPS = 2_000


class PowerCut(Exception):
    """The process died here."""


@dataclass
class Power:
    """Cuts at these effects, counted from 0; each effect is counted twice, before and after it happens."""

    cuts: set[int] = field(default_factory=set)
    used: int = 0

    def draw(self) -> None:
        self.used += 1
        if self.used - 1 in self.cuts:
            raise PowerCut(self.used - 1)

    def effect(self, happen: Callable[[], Any]) -> Any:
        self.draw()
        result = happen()
        self.draw()
        return result


@dataclass
class Memory:
    """What outlives a process, and the log."""

    power: Power
    bodies: dict[tuple[str, int], bytes] = field(default_factory=dict)
    heads: dict[tuple[str, int], tuple[PartHead, list[Document]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)
    current: MemoryCollection = field(default_factory=MemoryCollection)
    overwritten: MemoryCollection = field(default_factory=MemoryCollection)
    chunks: dict[tuple[str, int], list[Outcome]] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    settled: dict[str, tuple[int, int]] = field(default_factory=dict)
    pieces: dict[str, Document] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    seq: int = 0
    batches: MemoryAggregates[Batch] = field(init=False)

    def __post_init__(self) -> None:
        self.batches = MemoryAggregates(Batch, published, relay=self.log.append, effect=self.power.effect)

    @property
    def records(self) -> dict[str, StoredRecord]:
        """What stands, by source_id."""
        found = map(record_of, self.current.documents.values())
        return {each.state.source_id: each for each in found}

    def push(
        self,
        name: str,
        rows: Sequence[bytes],
        per_part: int,
        *,
        dry_run: bool = False,
        mode: Mode = "delta",
        kind: Kind = Kind.PLATFORM,
        follows: str | None = None,
    ) -> None:
        """A batch with all its parts and its place."""
        batch = open_batch(id=name, rows=len(rows), dry_run=dry_run, mode=mode, kind=kind, follows=follows)
        self.batches.put(batch)
        self.give_place(batch, self.put(name, rows, per_part))

    def give_place(self, batch: Batch, parts: int) -> Place:
        """The next place."""
        self.seq += 1
        self.places[batch.id] = place(batch, self.seq, parts)
        self.unfinished.add(batch.id)
        return self.places[batch.id]

    def put(self, name: str, rows: Sequence[bytes], per_part: int) -> int:
        """Keeps the rows in parts; how many they are."""
        parts = [b"\n".join(rows[start : start + per_part]) for start in range(0, len(rows), per_part)]
        self.bodies |= {(name, number): body for number, body in enumerate(parts)}
        return len(parts)

    async def approve(self) -> list[str]:
        """An operator approves what waits, and the process dies then: the worker has to find it. Answers which."""
        waiting = [name for name, batch in self.batches.states.items() if batch.state == "awaiting_approval"]
        for name in waiting:
            self.batches.put(snapshots.approve(self.batches.states[name], "operator").state)
        return waiting

    def intake(self) -> Intake:
        """What a process of the API or of the worker begins with."""
        return Intake(
            agents=cast(Any, None),
            batches=self.batches,
            parts=cast(Any, _Parts(self)),
            places=cast(Any, _Places(self)),
            nonces=cast(Any, None),
            files=cast(Any, _Files(self)),
        )

    def worker(self) -> Worker:
        """A new process."""
        return Worker(
            self.intake(),
            cast(Any, _Receipts(self)),
            self.kept_records(),
            cast(Any, _Lists(self)),
            Withdrawals(cast(Any, _Pieces(self)), self.kept_records(), lambda: LATER),
            _none_confirmed,
            self.publish,
            clock=lambda: LATER,
            stopwatch=_Hurried(),
        )

    def kept_records(self) -> "_Records":
        """The records, and what was overwritten of them."""
        versions = Versions(cast(Any, self.overwritten))
        return _Records(cast(Any, self.current), versions, lambda: LATER, memory=self)

    def feed(self) -> Feed:
        """What followers read."""
        applied = Applied(cast(Any, _Lists(self)), cast(Any, _Places(self)), cast(Any, _Receipts(self)))
        return Feed(cast(Any, self.current), cast(Any, self.overwritten), applied)

    async def publish(self, events: Sequence[Event]) -> None:
        for event in events:
            self.power.effect(lambda event=event: self.log.append(event))  # type: ignore[misc]

    def orders(self) -> list[str]:
        """The batches that were ordered on, in order."""
        return [event.data.batch_id for event in self.log if isinstance(event.data, AdvanceBatch)]

    def receipt(self, name: str) -> list[Outcome]:
        """The verdicts on all rows of a batch."""
        chunks = range(self.progress[name].chunks if name in self.progress else 0)
        return [outcome for chunk in chunks for outcome in self.chunks.get((name, chunk), [])]


class _Hurried:
    """Every look at it is 1.5 seconds later, so that a slice of work is two chunks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.5
        return self.now


@dataclass
class _Fake:
    memory: Memory


class _Parts(_Fake):
    async def body(self, batch_id: str, part: int) -> bytes:
        if (batch_id, part) not in self.memory.bodies:
            raise PartsGone
        return self.memory.bodies[(batch_id, part)]

    async def source_ids(self, batch_id: str, part: int) -> list[str | None]:
        return source_ids_of(part, await self.body(batch_id, part))

    async def forget(self, batch_id: str) -> None:
        gone = [key for key in self.memory.bodies if key[0] == batch_id]
        self.memory.power.effect(lambda: [self.memory.bodies.pop(key) for key in gone])

    async def put(
        self, batch_id: str, head: PartHead, body: bytes, source_ids: Sequence[str | None], attempt: Attempt
    ) -> None:
        if (batch_id, head.part) in self.memory.heads:
            raise DuplicateKeyError(f"{batch_id}/{head.part}")
        self.memory.power.effect(lambda: self._put(batch_id, head, body, attempt))

    def _put(self, batch_id: str, head: PartHead, body: bytes, attempt: Attempt) -> None:
        self.memory.heads[batch_id, head.part] = (head, [attempt.remembered()])
        self.memory.bodies[batch_id, head.part] = body

    async def was_put(self, attempt: Attempt) -> bool:
        return any(attempt.was_made(attempts) for _, attempts in self.memory.heads.values())

    async def remember(self, batch_id: str, part: int, attempt: Attempt) -> None:
        _, attempts = self.memory.heads[batch_id, part]
        self.memory.power.effect(lambda: attempts.append(attempt.remembered()))

    async def head(self, batch_id: str, part: int) -> PartHead | None:
        return self.memory.heads.get((batch_id, part), (None, []))[0]

    async def heads(self, batch_id: str) -> list[PartHead]:
        return [head for (of, _), (head, _) in sorted(self.memory.heads.items()) if of == batch_id]

    async def remove(self, batch_ids: Sequence[str]) -> int:
        for kept in (self.memory.heads, self.memory.bodies):
            gone = [key for key in kept if key[0] in batch_ids]
            self.memory.power.effect(lambda kept=kept, gone=gone: [kept.pop(key) for key in gone])  # type: ignore[misc]
        return len(gone)


class _Files(_Fake):
    """What was uploaded: nothing here."""

    async def remove(self, batch_ids: Sequence[str]) -> int:
        return 0


class _Places(_Fake):
    async def of(self, batch_id: str) -> Place | None:
        return self.memory.places.get(batch_id)

    async def waiting(self) -> list[Place]:
        return sorted((self.memory.places[name] for name in self.memory.unfinished), key=lambda each: each.seq)

    async def first_waiting(self, list_: str) -> Place | None:
        return next((each for each in await self.waiting() if each.list == list_), None)

    async def done(self, place: Place) -> None:
        if self.memory.places[place.batch_id] == place:
            self.memory.power.effect(lambda: self.memory.unfinished.discard(place.batch_id))

    async def take(self, batch: Batch, parts: int, at: object, traceparent: object = None) -> Place:
        taken = self.memory.places.get(batch.id)
        if taken is None or taken.round < batch.round:
            self.memory.power.effect(lambda: self.memory.give_place(batch, parts))
        return self.memory.places[batch.id]


class _Pieces(_Fake):
    """The collection of the withdrawals."""

    async def insert_one(self, document: Document) -> None:
        if document["_id"] in self.memory.pieces:
            raise DuplicateKeyError(document["_id"])
        self.memory.power.effect(lambda: self.memory.pieces.__setitem__(document["_id"], document))

    async def find_one(self, query: Document) -> Document | None:
        return self.memory.pieces.get(query["_id"])


class _Receipts(_Fake):
    async def how_far(self, batch_id: str) -> Progress:
        return self.memory.progress.get(batch_id, Progress())

    async def keep(self, batch_id: str, chunk: int, first_row: int, outcomes: list[Outcome], columns: object) -> None:
        self.memory.power.effect(lambda: self.memory.chunks.setdefault((batch_id, chunk), outcomes))

    async def of_chunk(self, batch_id: str, chunk: int) -> dict[int, Document]:
        before = [each for number in range(chunk) for each in self.memory.chunks.get((batch_id, number), [])]
        here = self.memory.chunks.get((batch_id, chunk), [])
        return {row: {"verdict": each.verdict, "before": each.before} for row, each in enumerate(here, len(before) + 1)}

    async def move(self, batch_id: str, progress: Progress) -> Progress:
        if (await self.how_far(batch_id)).chunks < progress.chunks:
            self.memory.power.effect(lambda: self.memory.progress.__setitem__(batch_id, progress))
        return await self.how_far(batch_id)


@dataclass(frozen=True)
class _Records(Records):
    """The product's own, but for its writes: each is an effect of its own."""

    memory: Memory = field(kw_only=True)

    async def write(self, records: Sequence[StoredRecord], stored: Mapping[str, StoredRecord]) -> None:
        for record in records:
            old = stored.get(record.state.source_id)
            if old and old.version < record.version:
                kept = kept_of(Overwritten(old, record.position), LATER)
                self.memory.power.effect(lambda kept=kept: self.memory.overwritten.put(kept))  # type: ignore[misc]
            self.memory.power.effect(lambda record=record: self._put(record))  # type: ignore[misc]

    def _put(self, record: StoredRecord) -> None:
        there = self.memory.current.documents.get(record_id(record.state))
        if there is None or there["version"] < record.version:
            self.memory.current.put(document_of(record, LATER))


class _Lists(_Fake):
    async def settle(self, batch: Batch, counts: VerdictCounts, withdrawn: int) -> None:
        _, records = self.memory.settled.get(batch.list, (0, 0))
        await self.recount(batch, records + counts.added - counts.deleted - withdrawn)

    async def recount(self, batch: Batch, records: int) -> None:
        seq, _ = self.memory.settled.get(batch.list, (0, 0))
        if batch.seq is not None and seq < batch.seq:
            kept = (batch.seq, records)
            self.memory.power.effect(lambda: self.memory.settled.__setitem__(batch.list, kept))

    async def all(self) -> list[Document]:
        return [{"_id": name, "seq": seq} for name, (seq, _) in self.memory.settled.items()]


async def _none_confirmed(among: Iterable[str]) -> set[str]:
    return set()


async def work(memory: Memory) -> None:
    """Works until nothing is ordered: an order is taken again after a power cut, and what stands still is repaired."""
    worker, taken = memory.worker(), 0
    for _ in range(_STEPS):
        if not memory.unfinished and not any(batch.wants_place for batch in memory.batches.states.values()):
            return
        try:
            if taken < len(memory.orders()):
                await worker.advance(memory.orders()[taken], ROUND_SECONDS)
                taken += 1
            else:
                await worker.repair()
        except PowerCut:
            worker = memory.worker()
    raise AssertionError(f"still unfinished after {_STEPS} orders: {memory.unfinished}")


async def run(memory: Memory) -> None:
    """The same, and whatever waits for approval is approved once all else is done."""
    await work(memory)
    while await memory.approve():
        await work(memory)


async def rows_of_batch(memory: Memory, name: str, *, first_row: int, count: int) -> list[bytes]:
    """Some rows of a committed batch, by their numbers."""
    taken = memory.batches.states[name].model_copy(update={"parts": memory.places[name].parts})
    return await BatchRows(cast(Any, _Parts(memory))).take(taken, first_row, count)
