"""Law 2: the owner's state and the event about it are one write.

A document is `{_id, version, revision, schema, state, changed, published, outbox, waiting, attempts, creation}`. `version`
counts events and is what their readers compare; `revision` counts writes, guards them, and is what clients see as version and
ETag.
`schema` is what the state was written with (stored_state.py). `changed` is the last change: its action, actor and instant;
`published` is what is kept of the last event (published.py).
`Aggregates.change` is the one place that loads, recognises a repeated attempt, decides, writes state and outbox under the
guard, and decides again when somebody was faster.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.aggregates import published
from shared.aggregates.adopting import Adopting, Gone, Outcome, Take, never_gone, takes_nothing
from shared.aggregates.attempts import Attempt, remember
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import StateSchema, Upcast
from shared.events.envelope import Event, event
from shared.events.payload import Payload
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel, guarded, literal
from shared.telemetry import current_traceparent
from shared.values import problems
from shared.values.clock import Clock, now
from shared.values.problems import Refusal

A = TypeVar("A", bound=BaseModel)

MAX_WAITING = 50
"""A document with so many unpublished events takes no further commands."""
MAX_EVENT_BYTES = 300_000
"""A bigger event is not written: each must fit into a message of Kafka (1 MB), a full outbox into a document (16 MB)."""
_TRIES = 20
_OF_ACCESS = {401, 403, 404}


@dataclass(frozen=True)
class Stored(Generic[A]):
    """A state with both its numbers; `replayed` when the attempt had been made before and nothing was written now."""

    state: A
    version: int
    revision: int
    replayed: bool = False


@dataclass(frozen=True)
class _Loaded(Generic[A]):
    state: A
    unknown: Document = field(repr=False)
    """The fields of the stored state that this version does not know; they are written back."""
    document: Document = field(repr=False)

    @property
    def revision(self) -> int:
        return int(self.document["revision"])

    def stored(self, *, replayed: bool = False) -> Stored[A]:
        return Stored(self.state, int(self.document["version"]), self.revision, replayed)


class Aggregates(Generic[A]):
    """The aggregates of one type in one collection. The model needs an `id`; `publishes` makes the event's payload.

    `upcasts` lead from each older schema of the stored state to the next; `take` and `gone` are for a log that is ahead
    (adopting.py).
    """

    def __init__(
        self,
        collection: Collection,
        model: type[A],
        publishes: Callable[[A], Payload],
        *,
        nudge: Callable[[], None] = lambda: None,
        upcasts: Sequence[Upcast] = (),
        take: Take[A] = takes_nothing,
        gone: Gone = never_gone,
        clock: Clock = now,
    ) -> None:
        self.collection = collection
        self.schema = StateSchema(model, upcasts)
        self._publishes = publishes
        self._nudge = nudge
        self._clock = clock
        self._adopting = Adopting(collection, self.schema, publishes, take, gone)

    async def prepare(self) -> None:
        """Makes the indexes that every aggregate collection has."""
        await self.collection.create_indexes(
            [IndexModel("waiting", sparse=True), IndexModel("creation", unique=True, sparse=True)]
        )

    async def find(self, aggregate_id: str) -> Stored[A] | None:
        """The aggregate, or None."""
        document = await self._find(aggregate_id)
        return self._loaded(document).stored() if document else None

    async def get(self, aggregate_id: str) -> Stored[A]:
        """The aggregate; refused with `not_found` when there is none."""
        return (await self._load(aggregate_id)).stored()

    async def where(
        self, query: Document, *, limit: int = 0, sort: list[tuple[str, int]] | None = None
    ) -> list[Stored[A]]:
        """The aggregates that fit. The query is the caller's code, never a client's object."""
        cursor = self.collection.find(query, limit=limit, sort=sort)
        return [self._loaded(document).stored() async for document in cursor]

    def event_of(self, document: Document) -> Event | None:
        """The event of the document's present version, the same as it was; None where it was never published."""
        if not document["version"]:
            return None
        if lost := document.get("lost"):
            return Event.from_document(lost)
        return published.again(document, self._publishes(self._loaded(document).state))

    async def adopt(self, events: Sequence[Event]) -> Outcome:
        """Takes in what the log knows of one aggregate, in order of the versions, where it is ahead."""
        return await self._adopting.adopt(events)

    async def create(self, decision: Decision[A], *, attempt: Attempt | None = None) -> Stored[A]:
        """Writes a new aggregate with its first event. A repeated attempt answers what exists.

        DuplicateKeyError when another unique index of the collection objects.
        """
        document = self._next(None, decision, attempt)
        if attempt:
            document["creation"] = attempt.mark
        try:
            await self.collection.insert_one(document)
        except DuplicateKeyError:
            earlier = await self.created_by(attempt)
            if earlier is None:
                raise
            return earlier
        self._nudge()
        return _stored(decision, document)

    async def change(
        self,
        aggregate_id: str,
        decide: Callable[[A], Decision[A] | None],
        *,
        attempt: Attempt | None = None,
        has_happened: bool = False,
    ) -> Stored[A]:
        """Applies a pure decision. None means there is nothing to do. Raises whatever `decide` refuses with.

        What `has_happened` outside already is written down even where the outbox is full.
        """

        async def decided(state: A) -> Decision[A] | None:
            return decide(state)

        return await self.change_with(aggregate_id, decided, attempt=attempt, has_happened=has_happened)

    async def change_with(
        self,
        aggregate_id: str,
        decide: Callable[[A], Awaitable[Decision[A] | None]],
        *,
        attempt: Attempt | None = None,
        has_happened: bool = False,
    ) -> Stored[A]:
        """Like `change`, for a decision that needs to look something up. It may run more than once."""
        for tried in range(_TRIES):
            loaded = await self._load(aggregate_id)
            if attempt and attempt.was_made(loaded.document["attempts"]):
                return loaded.stored(replayed=True)
            decision = await self._decided(loaded, decide, attempt, has_happened)
            if decision is None:
                return loaded.stored()
            if saved := await self._save(loaded, decision, attempt):
                self._nudge()
                return saved
            if decision.not_after and await self._is_unchanged(loaded):
                raise decision.not_after.refusal
            await asyncio.sleep(random.uniform(0, 0.005 * (tried + 1)))
        raise Refusal(problems.CONFLICT)

    async def _decided(
        self,
        loaded: _Loaded[A],
        decide: Callable[[A], Awaitable[Decision[A] | None]],
        attempt: Attempt | None,
        has_happened: bool,
    ) -> Decision[A] | None:
        """The decision. Who may not see or do this learns nothing of its version or backlog: access goes first."""
        stale = attempt is not None and attempt.if_match is not None and attempt.if_match != loaded.revision
        conflict = Refusal(problems.VERSION_CONFLICT, version=loaded.revision)
        try:
            decision = await decide(loaded.state)
        except Refusal as refusal:
            if stale and refusal.problem.status not in _OF_ACCESS:
                raise conflict from refusal
            raise
        if stale:
            raise conflict
        if len(loaded.document["outbox"]) >= MAX_WAITING and not has_happened:
            raise Refusal(problems.BACKLOG)
        return decision

    async def _load(self, aggregate_id: str) -> _Loaded[A]:
        document = await self._find(aggregate_id)
        if document is None:
            raise Refusal(problems.NOT_FOUND)
        return self._loaded(document)

    async def _find(self, aggregate_id: str) -> Document | None:
        """None for the tombstone of one that was lost, too."""
        document = await self.collection.find_one({"_id": aggregate_id})
        return None if document is None or "lost" in document else document

    def _loaded(self, document: Document) -> _Loaded[A]:
        return _Loaded(*self.schema.read(document), document)

    async def created_by(self, attempt: Attempt | None) -> Stored[A] | None:
        """What this attempt created earlier, as it is now; ask before rules that time may have changed since."""
        if attempt is None:
            return None
        document = await self.collection.find_one({"creation": attempt.mark})
        if document is None:
            return None
        attempt.was_made(document["attempts"])
        return self._loaded(document).stored(replayed=True)

    async def _save(self, loaded: _Loaded[A], decision: Decision[A], attempt: Attempt | None) -> Stored[A] | None:
        """What was written, or None when somebody was faster."""
        document = self._next(loaded, decision, attempt)
        events = document.pop("outbox")
        waiting = document.pop("waiting", None)
        outbox = {"$concatArrays": [{"$ifNull": ["$outbox", []]}, literal(events)]}
        changed: Document = {"outbox": outbox}
        if waiting:
            changed["waiting"] = True
        written = {"$mergeObjects": ["$$ROOT", literal(document), changed]}
        condition: Document = {"$eq": ["$revision", loaded.document["revision"]]}
        if decision.not_after:
            condition = {"$and": [condition, {"$lte": ["$$NOW", literal(decision.not_after.at)]}]}
        result = await self.collection.update_one({"_id": document["_id"]}, guarded(condition, written))
        return _stored(decision, document) if result.modified_count else None

    async def _is_unchanged(self, loaded: _Loaded[A]) -> bool:
        """Whether nobody has written since: a write that failed all the same came too late."""
        unchanged = {"_id": loaded.document["_id"], "revision": loaded.document["revision"]}
        return await self.collection.find_one(unchanged, {"_id": 1}) is not None

    def _next(self, loaded: _Loaded[A] | None, decision: Decision[A], attempt: Attempt | None) -> Document:
        before = loaded.document if loaded else None
        version = (before["version"] if before else 0) + (1 if decision.happened else 0)
        at = self._clock()
        events = self._events(decision, version, at)
        document: Document = {
            "_id": getattr(decision.state, "id"),  # noqa: B009  (the bound is a model with an id)
            "version": version,
            "revision": (before["revision"] if before else 0) + 1,
            **self.schema.written(decision.state, loaded.unknown if loaded else {}),
            "changed": {"action": decision.action, "actor": decision.by, "at": at},
            "attempts": remember(before["attempts"] if before and not decision.forgets else [], attempt),
            "outbox": [each.to_document() for each in events],
        }
        if events:
            document["waiting"] = True
        if decision.happened:
            document["published"] = published.kept(events[0])
        elif loaded and version:
            told, now_told = self._publishes(loaded.state), self._publishes(decision.state)
            document["published"] = published.kept_on(loaded.document, told, now_told)
        return document

    def _events(self, decision: Decision[A], version: int, at: datetime) -> list[Event]:
        if decision.happened is None:
            return list(decision.orders)
        payload = self._publishes(decision.state)
        happened = event(
            decision.happened,
            getattr(decision.state, "id"),  # noqa: B009
            version,
            at,
            payload,
            jurisdiction=getattr(payload, "jurisdiction", None),
            traceparent=current_traceparent(),
            action=decision.action,
            actor=decision.by,
        )
        if len(happened.value) > MAX_EVENT_BYTES:
            raise Refusal(problems.TOO_LARGE, limit=f"{MAX_EVENT_BYTES // 1000} kB")
        return [happened, *decision.orders]


def not_published(state: BaseModel) -> Payload:
    """For aggregates that concern nobody but their owner: no decision about one has an event."""
    raise AssertionError(f"{type(state).__name__} is not published")


def _stored(decision: Decision[A], document: Document) -> Stored[A]:
    return Stored(decision.state, document["version"], document["revision"])
