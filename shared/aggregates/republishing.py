"""Owners can publish again: everything at its present version, in `_id` order, while commands go on.

A run reads slices of a collection, publishes each document's event of its present version, and then looks at the slice once
more: where a version rose meanwhile, that one is published too. So the newest event of an aggregate is the last one in the
log, as compaction wants it, whoever published in between; what waits in an outbox the relay publishes as ever. Only then does
the position move (runs.py): a run that was cut off publishes its last slice again, which are the same events.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from shared.aggregates.adopting import Outcome
from shared.aggregates.runs import Run, Runs
from shared.events.envelope import Event
from shared.mongo import Collection, Document
from shared.telemetry import REPUBLISHED, REPUBLISHING

log = structlog.get_logger(__name__)

PublishMany = Callable[[Sequence[Event]], Awaitable[None]]

_SLICE = 250
_REST = 0.5
"""A run rests for so long after each slice, as a share of the time that the slice took."""
_REPORTED_SECONDS = 10.0


class Owned(Protocol):
    """A collection whose documents have a topic: aggregates, or the records of the cities."""

    @property
    def collection(self) -> Collection: ...

    def event_of(self, document: Document) -> Event | None:
        """The event of the document's present version, the same as it was; None where there is nothing to publish."""

    async def adopt(self, events: Sequence[Event]) -> Outcome:
        """Takes in what the log knows of one of them, in order of the versions, where it is ahead."""


@dataclass
class Republisher:
    """Does the runs that are due. `owned` goes by topic; `completed` hears of each run that has ended."""

    runs: Runs
    owned: Mapping[str, Owned]
    publish: PublishMany
    holder: str
    completed: Callable[[Run], Awaitable[None]]
    _reported_at: float = field(default=0.0)

    async def work(self, topic: str) -> bool:
        """Does the run of this topic to its end; false where none is due, or it is or became another process's."""
        due = await self.runs.of(topic)
        if due is None or not due.is_due:
            return False
        run = replace(due, of=await self.owned[topic].collection.estimated_document_count())
        if not await self.runs.take(run, self.holder):
            return False
        self._reported_at = time.monotonic()
        log.info("republish.begun", topic=topic, reason=run.reason, after=run.after, of=run.of)
        if not await self._publish_all(run, self.owned[topic]):
            log.info("republish.taken_over", topic=topic)
            return False
        await self.completed(run)
        done = await self.runs.finish(run, self.holder)
        if done:
            REPUBLISHING.labels(topic).set(1)
            log.info("republish.completed", topic=topic, reason=run.reason)
        return done

    async def _publish_all(self, run: Run, owned: Owned) -> bool:
        """False as soon as the run is no longer this process's."""
        after = {"_id": {"$gt": run.after}} if run.after is not None else {}
        published, began = run.published, time.monotonic()
        # One cursor for all: a server that cannot end a sorted read early would sort what is left again for each slice.
        async for documents in _slices(owned.collection.find(after, sort=[("_id", 1)], batch_size=_SLICE)):
            await self._publish_slice(run.topic, owned, documents)
            published += len(documents)
            if not await self.runs.move(run, self.holder, documents[-1]["_id"], published):
                return False
            self._report(run, published)
            await asyncio.sleep(_REST * (time.monotonic() - began))
            began = time.monotonic()
        return True

    async def _publish_slice(self, topic: str, owned: Owned, documents: Sequence[Document]) -> None:
        """Until no version has moved."""
        while documents:
            events = [each for each in await asyncio.to_thread(_events, owned, documents) if each]
            await self.publish(events)
            REPUBLISHED.labels(topic).inc(len(events))
            documents = await _moved(owned.collection, documents)

    def _report(self, run: Run, published: int) -> None:
        REPUBLISHING.labels(run.topic).set(min(1.0, published / max(1, run.of)))
        if time.monotonic() - self._reported_at >= _REPORTED_SECONDS:
            self._reported_at = time.monotonic()
            log.info("republish.progress", topic=run.topic, published=published, of=run.of)


async def _slices(documents: AsyncIterable[Document]) -> AsyncIterator[list[Document]]:
    found = list[Document]()
    async for document in documents:
        found.append(document)
        if len(found) == _SLICE:
            yield found
            found = []
    if found:
        yield found


async def _moved(collection: Collection, documents: Sequence[Document]) -> list[Document]:
    """Those whose version rose since they were read, as they are now."""
    versions = {each["_id"]: each["version"] for each in documents}
    cursor = collection.find({"_id": {"$in": list(versions)}}, {"version": 1})
    moved = [each["_id"] async for each in cursor if each["version"] != versions[each["_id"]]]
    return await collection.find({"_id": {"$in": moved}}).to_list(None) if moved else []


def _events(owned: Owned, documents: Sequence[Document]) -> list[Event | None]:
    return [_event(owned, each) for each in documents]


def _event(owned: Owned, document: Document) -> Event | None:
    """None for one that this code cannot read, too: it must not keep all others out of the log. `huning log compare` names it."""
    try:
        return owned.event_of(document)
    except Exception as error:
        log.error("republish.unreadable", id=document["_id"], error=type(error).__name__)
        return None
