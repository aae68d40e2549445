"""Law 4: a read model is a set of last-writer-wins registers, and can be rebuilt from the log while the old one serves.

A service lists which pure function fills which collection; the guard, the batches, tombstones and generations stand here.
Generation n lives in the collection `<name>.g<n>` and is fed by the group `<service>.<name>.g<n>`; a pointer document says
which generation serves and which is being built. Every replica follows the pointer.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Protocol

import structlog
from aiokafka import TopicPartition
from pydantic import BaseModel, ConfigDict

from shared.aggregates.attempts import Attempt
from shared.events.envelope import Event
from shared.events.payload import Instant
from shared.messaging.consuming import Consumer, Handle, Subscription
from shared.messaging.faults import is_infrastructure
from shared.messaging.status import ConsumerStatus
from shared.mongo import Collection, Database, Document, IndexModel
from shared.projections import registers
from shared.projections.pointers import Pointer
from shared.projections.takeover import Waits, Whole, is_far_smaller
from shared.projections.tallies import Tally
from shared.telemetry import READ_MODEL_WAITS
from shared.values import problems
from shared.values.open_sets import Open
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)

MakeConsumer = Callable[[Subscription], Consumer]
_FOLLOW_SECONDS = 0.3


@dataclass(frozen=True)
class Register:
    """The new state of one document after an event: its id and its whole content. `deleted` leaves a tombstone."""

    id: str
    document: Document
    deleted: bool = False


Project = Callable[[Event], Register | None]
"""Pure. None: this event says nothing to this read model."""


def document_of(event: Event, register: Register) -> Document:
    """The stored document after the event. A deletion keeps the version, so that nothing older comes back."""
    content = {} if register.deleted else register.document
    return {
        **content,
        "_id": register.id,
        "version": event.version,
        "deleted": register.deleted,
        "as_of": event.time,
    }


def coalesced(events: Sequence[Event], project: Project) -> list[tuple[Event, Register]]:
    """The newest event of each document in a batch; the older ones would lose anyway."""
    newest: dict[str, tuple[Event, Register]] = {}
    for event in events:
        register = project(event)
        if register is not None:
            known = newest.get(register.id)
            if known is None or known[0].version < event.version:
                newest[register.id] = (event, register)
    return list(newest.values())


def projection(collection: Collection, project: Project, tally: Tally | None = None) -> Handle:
    """A handler that folds batches of events into a collection, and counts what it writes."""

    async def fold(events: Sequence[Event]) -> None:
        documents = [document_of(event, register) for event, register in coalesced(events, project)]
        if documents:
            new = await registers.write(collection, documents)
            if tally:
                tally.add(new, max(each["as_of"] for each in documents))

    return fold


def _both(fold: Handle, then: Handle | None) -> Handle:
    if then is None:
        return fold

    async def folded(events: Sequence[Event]) -> None:
        await fold(events)
        await then(events)

    return folded


class ReadModelView(BaseModel):
    """A read model as operators see it; `progress` is 0–1 while a rebuild runs, and null otherwise. `waits` says why a new
    generation that has caught up does not take over (takeover.py)."""

    model_config = ConfigDict(frozen=True)

    name: str
    documents: int
    as_of: Instant | None
    rebuilding: bool
    progress: float | None
    generation: int | None
    waits: Annotated[Waits | str, Open(Waits)] | None = None


class Lagging(Protocol):
    """Something whose way to the end of its topics can be measured, in this process or in another."""

    @property
    def group(self) -> str: ...

    async def lag(self) -> dict[TopicPartition, int]: ...


class Reading(Lagging, Protocol):
    """Something that reads topics here: a consumer of a group, or a fold that keeps its own position."""

    async def status(self) -> ConsumerStatus: ...


class Rebuildable(Protocol):
    """A read model that operators can list and rebuild: a `ReadModel`, or another kind of one service."""

    @property
    def topics(self) -> tuple[str, ...]: ...

    @property
    def consumers(self) -> Sequence[Reading]: ...

    async def locate(self) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def describe(self) -> ReadModelView: ...

    async def rebuild(self, attempt: Attempt, *, force: bool = False) -> tuple[ReadModelView, bool]: ...


@dataclass
class ReadModel:
    """One read model of a service. `collection` is the generation that serves now."""

    name: str
    topics: tuple[str, ...]
    project: Project
    indexes: tuple[IndexModel, ...] = ()
    then: Handle | None = None
    """Called with each batch after it was written, for effects that must find it there. It may be called again."""
    service: str = ""
    _database: Database | None = None
    _make: MakeConsumer | None = None
    _whole: Whole | None = None
    _running: dict[int, Consumer] = field(default_factory=dict)
    _tallies: dict[int, Tally] = field(default_factory=dict)
    _generation: int | None = None
    _followed: Document = field(default_factory=dict)

    def attach(self, service: str, database: Database, make: MakeConsumer, whole: Whole) -> None:
        """Gives it its place; done by the service that lists it."""
        self.service, self._database, self._make, self._whole = service, database, make, whole

    @property
    def database(self) -> Database:
        assert self._database is not None, "a read model belongs to a service"
        return self._database

    @property
    def collection(self) -> Collection:
        """The serving generation; refused with `unavailable` before a process that has just started knows which one serves."""
        if self._generation is None:
            raise Refusal(problems.UNAVAILABLE)
        return self.generation(self._generation)

    def generation(self, number: int) -> Collection:
        return self.database[f"{self.name}.g{number}"]

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.database["read_models"], self.name, {"generation": 1, "building": None})

    def tally(self, number: int) -> Tally:
        """Of one generation, by this process."""
        if number not in self._tallies:
            self._tallies[number] = Tally(self.database["read_models"], f"{self.name}.g{number}")
        return self._tallies[number]

    def group(self, number: int) -> str:
        return f"{self.service}.{self.name}.g{number}"

    async def locate(self) -> None:
        """Reads which generation serves: from here on it can be asked, though nothing is consumed yet."""
        self._generation = (await self.pointer.read())["generation"]

    async def start(self) -> None:
        """Begins to consume."""
        await self._follow()

    async def run(self) -> None:
        """Follows the pointer until cancelled; moves it when a rebuild has caught up."""
        while True:
            await asyncio.sleep(_FOLLOW_SECONDS)
            try:
                await self._follow()
                await self._move_when_caught_up()
                await self._put_down()
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                log.warning("read_model.waiting", read_model=self.name, error=repr(error)[:300])

    async def rebuild(self, attempt: Attempt, *, force: bool = False) -> tuple[ReadModelView, bool]:
        """Begins a new generation beside the one that serves. While one is being built already, that goes on.

        With `force` it takes over as soon as it has caught up, whatever it holds. With the read model as it is now comes
        whether the attempt had been made before; then nothing was begun.
        """
        replayed = await self.pointer.change(partial(_begun, force=force), attempt)
        return await self.describe(), replayed

    async def describe(self) -> ReadModelView:
        """The view of `GET ops/{service}/read-models`. Its cost does not depend on the size of the read model."""
        pointer = await self.pointer.read()
        held = await self.tally(pointer["generation"]).held()
        return ReadModelView(
            name=self.name,
            documents=held.documents,
            as_of=held.as_of,
            rebuilding=pointer["building"] is not None,
            progress=await self._progress(pointer),
            generation=pointer["generation"],
            waits=pointer.get("waits"),
        )

    async def fold(self, events: Sequence[Event]) -> None:
        """Folds events into every generation that lives, such as a dead letter that is replayed."""
        if not self._running:
            raise Refusal(problems.UNAVAILABLE)
        for number in self._running:
            await projection(self.generation(number), self.project, self.tally(number))(events)
        if self.then:
            await self.then(events)

    async def stop(self) -> None:
        """Ends its consumers after their running batches."""
        for consumer in self._running.values():
            await consumer.stop()
        self._running.clear()
        await self._put_down()

    async def _put_down(self) -> None:
        for tally in self._tallies.values():
            await tally.put_down()

    @property
    def consumers(self) -> list[Consumer]:
        return list(self._running.values())

    async def _follow(self) -> None:
        pointer = await self.pointer.read()
        wanted = {pointer["generation"], pointer["building"]} - {None}
        for number in wanted - set(self._running):
            await self._begin(number)
        self._generation, self._followed = pointer["generation"], pointer
        for each in Waits:
            READ_MODEL_WAITS.labels(self.name, each.value).set(pointer.get("waits") == each.value)
        for number in set(self._running) - wanted:
            await self._running.pop(number).stop()

    async def _begin(self, number: int) -> None:
        collection = self.generation(number)
        if self.indexes:
            await collection.create_indexes(list(self.indexes))
        assert self._make is not None
        await self.tally(number).begin(collection)
        await self.generation(number - 2).drop()  # the one before is kept; nobody has read this one since the last move
        await self.tally(number - 2).forget()
        del self._tallies[number - 2]
        handle = _both(projection(collection, self.project, self.tally(number)), self.then)
        consumer = self._make(Subscription(self.group(number), self.topics, handle))
        try:
            await consumer.start()
        except BaseException:
            await consumer.stop()
            raise
        self._running[number] = consumer

    async def _move_when_caught_up(self) -> None:
        pointer = self._followed
        building = pointer["building"]
        if building is None or building not in self._running:
            return
        if await self._remaining(building) != 0:
            return
        waits = await self._why_it_waits(pointer)
        # Asked again: what made the log whole came after the first answer.
        if waits is None and await self._remaining(building) == 0:
            moved = {"generation": building, "building": None, "waits": None, "forced": None}
            if await self.pointer.write(pointer, moved):
                log.info("read_model.moved", read_model=self.name, generation=building, was=pointer["generation"])
        elif waits and waits != pointer.get("waits") and await self.pointer.write(pointer, {"waits": waits.value}):
            log.warning("read_model.waits", read_model=self.name, generation=building, reason=waits.value)

    async def _why_it_waits(self, pointer: Document) -> Waits | None:
        if pointer.get("forced") == pointer["building"]:
            return None
        assert self._whole is not None
        if not await self._whole(self.topics):
            return Waits.LOG_NOT_WHOLE
        built = await self.generation(pointer["building"]).estimated_document_count()
        serving = await self.generation(pointer["generation"]).estimated_document_count()
        return Waits.FAR_SMALLER if is_far_smaller(built, serving) else None

    async def _remaining(self, number: int) -> int:
        """Records that the group has yet to commit, over all partitions, whichever replica works on them."""
        lag = await self._running[number].lag()
        return sum(lag.values()) if lag else -1

    async def _progress(self, pointer: Document) -> float | None:
        if pointer["building"] is None:
            return None
        built = await self.tally(pointer["building"]).held()
        serving = await self.tally(pointer["generation"]).held()
        return min(1.0, round(built.documents / serving.documents, 3)) if serving.documents else 0.0


def _begun(pointer: Document, *, force: bool) -> Document:
    building = pointer["building"] or pointer["generation"] + 1
    return {"building": building, **({"forced": building, "waits": None} if force else {})}
