"""A collection in memory, as far as this code uses one, and aggregates over it. tests/laws holds both against a real database."""

import asyncio
import operator
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

import bson
from bson.codec_options import CodecOptions
from pydantic import BaseModel

from shared.aggregates.aggregates import Aggregates, Stored, _Loaded, not_published
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Upcast
from shared.events.envelope import Event
from shared.events.payload import Payload
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel
from shared.values.clock import Clock, now

A = TypeVar("A", bound=BaseModel)
Effect = Callable[[Callable[[], None]], None]
"""Makes a write happen; a test may stop the process before or after it."""

_AS_STORED: CodecOptions[Document] = CodecOptions(tz_aware=True)


class MemoryCollection:
    """Documents by `_id`, as the database gives them back. Every call gives way to others; after `crash_after` inserts the
    next one raises."""

    def __init__(self, *unique: str, effect: Effect = lambda happen: happen()) -> None:
        self.documents: dict[str, Document] = {}
        self.crash_after: int | None = None
        self.queries = 0
        self.effect = effect
        self._unique = {"_id", *unique}

    async def create_indexes(self, indexes: Sequence[IndexModel]) -> None:
        """Of an index that counts which is unique: here nothing is slow."""
        self._unique |= {name for each in indexes if each.document.get("unique") for name in each.document["key"]}

    async def insert_one(self, document: Document) -> None:
        await asyncio.sleep(0)
        for name in self._unique:
            value = _at(document, name)
            if value is not None and any(_fits(each, {name: value}) for each in self._among({name: value})):
                raise DuplicateKeyError(f"{name}: {value}")
        if self.crash_after is not None:
            if self.crash_after == 0:
                raise ConnectionError
            self.crash_after -= 1
        self.effect(lambda: self.put(document))

    def put(self, document: Document) -> None:
        """In place of what had its `_id`."""
        self.documents[document["_id"]] = _copy(document)

    async def find_one(self, query: Mapping[str, Any], _: Any = None) -> Document | None:
        await asyncio.sleep(0)
        return next((_copy(each) for each in self._among(query) if _fits(each, query)), None)

    def find(
        self, query: Mapping[str, Any], _: Any = None, *, limit: int = 0, sort: Sequence[tuple[str, int]] | None = None
    ) -> "_Found":
        self.queries += 1
        found = [each for each in self._among(query) if _fits(each, query)]
        for name, direction in reversed(sort or ()):
            found.sort(key=lambda each, name=name: _order(_at(each, name)), reverse=direction < 0)  # type: ignore[misc]
        return _Found(found[: limit or None])

    async def count_documents(self, query: Mapping[str, Any], *, limit: int = 0) -> int:
        return len(await self.find(query, limit=limit).to_list(None))

    def _among(self, query: Mapping[str, Any]) -> Iterable[Document]:
        """The documents that may fit; ids are looked up, so that long lists stay quick."""
        wanted = query.get("_id")
        if isinstance(wanted, str):
            wanted = {"$in": [wanted]}
        if isinstance(wanted, dict) and "$in" in wanted:
            return [self.documents[each] for each in wanted["$in"] if each in self.documents]
        return self.documents.values()


class _Found:
    def __init__(self, documents: list[Document]) -> None:
        self._documents = documents

    async def to_list(self, _: int | None) -> list[Document]:
        return [each async for each in self]

    async def __aiter__(self) -> AsyncIterator[Document]:
        await asyncio.sleep(0)
        for each in self._documents:
            yield _copy(each)


class MemoryAggregates(Aggregates[A]):
    """The real aggregates over a collection in memory. Written out here is only the guarded update, which the database makes.

    With a `relay` every write is published in the same moment; without one the outbox stays, as while Kafka is away.
    """

    def __init__(
        self,
        model: type[A],
        publishes: Callable[[A], Payload] = not_published,
        *,
        relay: Callable[[Event], None] | None = None,
        effect: Effect = lambda happen: happen(),
        upcasts: Sequence[Upcast] = (),
        clock: Clock = now,
    ) -> None:
        self.memory = MemoryCollection("creation", effect=lambda happen: effect(lambda: self._written(happen)))
        self._relay = relay
        super().__init__(cast(Collection, self.memory), model, publishes, upcasts=upcasts, clock=clock)

    @property
    def states(self) -> dict[str, A]:
        """What is kept, by id, in the order of its creation."""
        return {name: self._loaded(each).state for name, each in self.memory.documents.items() if "state" in each}

    def put(self, state: A) -> None:
        """A state that is there without anybody having been told."""
        self.memory.put(self._next(None, Decision(state, "put", SYSTEM, None), None))

    async def _save(self, loaded: _Loaded[A], decision: Decision[A], attempt: Attempt | None) -> Stored[A] | None:
        await asyncio.sleep(0)
        document = self._next(loaded, decision, attempt)
        kept = self.memory.documents[document["_id"]]
        late = decision.not_after is not None and self._clock() > decision.not_after.at
        if kept["revision"] != loaded.revision or late:
            return None
        written = {**kept, **document, "outbox": [*kept.get("outbox", ()), *document["outbox"]]}
        self.memory.effect(lambda: self.memory.put(written))
        return Stored(decision.state, document["version"], document["revision"])

    def _written(self, happen: Callable[[], None]) -> None:
        happen()
        if self._relay is None:
            return
        for document in self.memory.documents.values():
            if document.pop("waiting", False):
                for each in document["outbox"]:
                    self._relay(Event.from_document(each))
                document["outbox"] = []


def _copy(document: Document) -> Document:
    """As the database gives it back: times in milliseconds, tuples as lists, and nobody else's to change."""
    return bson.decode(bson.encode(document), _AS_STORED)


def _at(document: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for step in path.split("."):
        document = document.get(step) if isinstance(document, dict) else None
    return document


def _fits(document: Document, query: Mapping[str, Any]) -> bool:
    return all(
        any(_fits(document, each) for each in wanted) if path == "$or" else _is(_at(document, path), wanted)
        for path, wanted in query.items()
    )


def _is(value: Any, wanted: Any) -> bool:
    """KeyError for an operator that nobody here has used so far."""
    if isinstance(wanted, dict):
        return all(_OPERATORS[name](value, operand) for name, operand in wanted.items())
    return bool(value == wanted)


def _compared(how: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A range holds values of its own type and no others."""
    return lambda value, bound: isinstance(value, type(bound)) and how(value, bound)


def _order(value: Any) -> tuple[bool, Any]:
    """What is not there goes first."""
    return value is not None, value


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, options: value in options,
    "$lt": _compared(operator.lt),
    "$lte": _compared(operator.le),
    "$gt": _compared(operator.gt),
    "$gte": _compared(operator.ge),
}
