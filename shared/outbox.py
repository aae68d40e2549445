"""The relay: what the owners wrote into outboxes gets to Kafka, at least once and in each document's order.

It finds documents by equality on the sparse field `waiting`, publishes one document's events in order, awaits each
acknowledgement, and only then takes out exactly those. Killed in between, it publishes again: the same event ids. It may
run in every replica. A nudge makes it prompt; a poll finds what a killed process left.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from shared.bus import KafkaFault
from shared.events.envelope import Event
from shared.mongo import Collection, Document, MongoFault, literal
from shared.telemetry import OUTBOX_PUBLISHED, OUTBOX_WAITING

log = structlog.get_logger(__name__)

Publish = Callable[[Event], Awaitable[None]]

_AT_ONCE = 64
_POLL_SECONDS = 1.0


class Relay:
    """Publishes the outboxes of these collections until it is cancelled."""

    def __init__(self, collections: Sequence[Collection], publish: Publish) -> None:
        self._collections = collections
        self._publish = publish
        self._nudged = asyncio.Event()

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
                    pass
                pause = 0.1
            except (MongoFault, KafkaFault, OSError, TimeoutError) as error:
                log.warning("outbox.delayed", error=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
                self._nudged.set()

    async def drain(self) -> int:
        """One round over every collection; how many documents it served. One that fails does not hold up the others."""
        served, failed = 0, []
        for collection in self._collections:
            found = await collection.find({"waiting": True}, {"outbox": 1}, limit=_AT_ONCE).to_list(_AT_ONCE)
            OUTBOX_WAITING.labels(collection=collection.name).set(sum(len(each["outbox"]) for each in found))
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
