"""The relay: what the owners wrote into outboxes gets to Kafka, at least once and in each document's order.

It finds documents by equality on the sparse field `waiting`, publishes one document's events in order, awaits each
acknowledgement, and only then takes out exactly those. Killed in between, it publishes again: the same event ids. It may
run in every replica. A nudge makes it prompt; a poll finds what a killed process left.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from shared.events.envelope import Event
from shared.messaging.kafka import KafkaFault
from shared.mongo import Collection, Document, MongoFault, literal
from shared.telemetry import OUTBOX_PUBLISHED

log = structlog.get_logger(__name__)

Publish = Callable[[Event], Awaitable[None]]

_AT_ONCE = 64
_POLL_SECONDS = 1.0
_STUCK_SECONDS = 120.0
"""As long as the alert OutboxStuck waits (deploy/monitoring)."""
_COUNTED = 10_000
"""Whether more wait makes no difference to anybody, and a long count would make readiness late."""


class Relay:
    """Publishes the outboxes of these collections until it is cancelled."""

    def __init__(self, collections: Sequence[Collection], publish: Publish) -> None:
        self._collections = collections
        self._publish = publish
        self._nudged = asyncio.Event()
        self._failing_since: float | None = None

    def nudge(self) -> None:
        """Something was just written."""
        self._nudged.set()

    async def run(self) -> None:
        """Never returns. A fault of Kafka or MongoDB only delays it; one of our own ends the process, to be seen."""
        pause = 0.1
        while True:
            try:
                await self._wait()
                while await self.drain():
                    self._failing_since = None
                self._failing_since, pause = None, 0.1
            except (MongoFault, KafkaFault, OSError, TimeoutError) as error:
                self._failing_since = self._failing_since or time.monotonic()
                log.warning("outbox.delayed", error=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
                self._nudged.set()

    def check(self) -> str:
        """For readiness: what waits is on its way, unless something of it has failed to get out for a while."""
        failing = 0.0 if self._failing_since is None else time.monotonic() - self._failing_since
        return "ok" if failing < _STUCK_SECONDS else f"stuck for {failing:.0f} s"

    async def waiting(self) -> dict[str, int]:
        """By collection: how many documents have something to publish; at most 10,000 are counted."""
        return {each.name: await each.count_documents({"waiting": True}, limit=_COUNTED) for each in self._collections}

    async def drain(self) -> int:
        """One round over every collection; how many documents it served. One that fails does not hold up the others."""
        served, failed = 0, []
        for collection in self._collections:
            found = await collection.find({"waiting": True}, {"outbox": 1}, limit=_AT_ONCE).to_list(_AT_ONCE)
            results = await asyncio.gather(*(self._serve(collection, each) for each in found), return_exceptions=True)
            failed += [result for result in results if isinstance(result, BaseException)]
            served += len(found)
        if failed:
            raise failed[0]
        return served

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._nudged.wait(), _POLL_SECONDS)
        self._nudged.clear()

    async def _serve(self, collection: Collection, document: Document) -> None:
        for waiting in document["outbox"]:
            await self._publish(Event.from_document(waiting))
        await collection.update_one({"_id": document["_id"]}, taken_out(document["outbox"]))
        OUTBOX_PUBLISHED.labels(collection=collection.name).inc(len(document["outbox"]))


def taken_out(published: Sequence[Document]) -> list[Document]:
    """The update that removes exactly the published events; `waiting` goes with the last of them."""
    marks = [f"{each['type']} {each['id']}" for each in published]
    mark = {"$concat": ["$$each.type", " ", "$$each.id"]}
    remaining = {"$filter": {"input": "$outbox", "as": "each", "cond": {"$not": [{"$in": [mark, literal(marks)]}]}}}
    return [
        {"$set": {"outbox": remaining}},
        {"$set": {"waiting": {"$cond": [{"$gt": [{"$size": "$outbox"}, 0]}, True, "$$REMOVE"]}}},
    ]
