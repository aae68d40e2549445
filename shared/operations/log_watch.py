"""Sees that the log is another one, or has holes, and has its owner publish everything again.

Each process looks every few seconds which log its topics are (shared/messaging/log_ids.py). Where an owner has not published
everything to that log yet, a run is asked for (shared/aggregates/runs.py), which one process does. Readers of a topic that was
made anew begin at its beginning, wherever they stood: their place was in another log.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from shared.aggregates.republishing import Owned, Republisher
from shared.aggregates.runs import COLLECTION, Run, Runs, Why
from shared.events.envelope import event
from shared.events.publications import Publication
from shared.events.topics import TOPICS
from shared.messaging.faults import is_infrastructure
from shared.messaging.kafka import Bus
from shared.mongo import Database, Document
from shared.operations.log_comparison import AHEAD, HOLES, RESULTS, last_results
from shared.telemetry import LOG_WHOLE
from shared.values.clock import now
from shared.values.ids import new_id

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
WORK_SECONDS = 0.5


class Rereading(Protocol):
    """A reader that keeps its place in the log."""

    def read_again(self, topic: str) -> None:
        """Goes to the beginning of the topic, if it reads it."""


@dataclass
class LogWatch:
    """Of one process of a service. `owned` are the collections that the service publishes, by topic."""

    bus: Bus
    database: Database
    member: str
    readers: Callable[[], Sequence[Rereading]] = lambda: ()
    owned: dict[str, Owned] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    """Which log each topic was when this process began to read it."""
    _found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.runs = Runs(self.database[COLLECTION])
        holder = f"{self.member}-{new_id()[-12:]}"
        self.republisher = Republisher(self.runs, self.owned, self.bus.publish_many, holder, self._completed)

    async def begin(self) -> None:
        """Notes which logs there are before anything is read from them. Waits for the broker."""
        while True:
            try:
                self._seen = await self.bus.log_ids(*TOPICS)
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                await asyncio.sleep(0.2)
            else:
                return

    async def look(self) -> None:
        """Which log each topic is, and what the last comparison found."""
        logs = await self.bus.log_ids(*TOPICS)
        self._read_again(logs)
        compared = {each["_id"]: each for each in await last_results(self.database)}
        for topic in self.owned:
            run, result = await self.runs.of(topic), compared.get(topic, {})
            if topic in logs and (reason := _reason(run, logs[topic], result)):
                await self.ask(topic, logs[topic], reason, run)
            self._found[topic] = _said(run, logs.get(topic), result)
            LOG_WHOLE.labels(topic).set(run is not None and not run.is_due and run.log == logs.get(topic))

    async def ask(self, topic: str, log_id: str, reason: Why, seen: Run | None) -> None:
        """Asks for a run, once for all replicas."""
        if await self.runs.ask(topic, log_id, reason, seen):
            log.warning("republish.asked", topic=topic, reason=reason.value, log=log_id)

    async def work(self) -> None:
        """Does what was asked for."""
        for topic in self.owned:
            await self.republisher.work(topic)

    def findings(self) -> dict[str, str]:
        """For readiness: by topic, "ok" or how log and owner are known to differ."""
        return dict(self._found)

    def _read_again(self, logs: dict[str, str]) -> None:
        for topic, log_id in logs.items():
            if self._seen.get(topic, log_id) != log_id:
                log.warning("log.is_another", topic=topic, was=self._seen[topic], now=log_id)
                for reader in self.readers():
                    reader.read_again(topic)
            self._seen[topic] = log_id

    async def _completed(self, run: Run) -> None:
        """Says so to those who rebuild from it, and takes back what a comparison before had found missing."""
        said = Publication(topic=run.topic, log=run.log, documents=run.of, completed_at=now())
        await self.bus.publish(event("publication.completed", run.topic, run.number, said.completed_at, said))
        nothing_missing = {kind.value: 0 for kind in HOLES}
        await self.database[RESULTS].update_one({"_id": run.topic}, {"$set": nothing_missing})


def _reason(run: Run | None, log_id: str, result: Document) -> Why | None:
    """Why everything is to be published again, or None. Pure."""
    if run is None or run.log != log_id:
        return Why.LOG_CHANGED
    missing = sum(result.get(kind.value, 0) for kind in HOLES)
    return Why.HOLE if missing and result["at"] > run.asked_at and not run.is_due else None


def _said(run: Run | None, log_id: str | None, result: Document) -> str:
    """In words for `readyz`. Pure."""
    ahead = sum(result.get(kind.value, 0) for kind in AHEAD)
    if log_id is None:
        return "no topic"
    if run is None or run.is_due or run.log != log_id:
        return f"publishing again, {run.progress if run else 0.0:.0%}"
    return f"the log is ahead of its owner: {ahead}" if ahead else "ok"
