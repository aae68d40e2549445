"""Kafka → one index: every partition, no group, the position kept in the index itself.

Each topic is a lane with a reader of its own. Challenges go first: a lane does its records in small slices, and records of
cities wait while a challenge does, never the other way round, so that no city's load delays a publication.
Decoding, tokenising and committing happen in one thread; pacing.py says when there is a commit.
"""

import asyncio
import time
import traceback
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from services.search.domain.items import TOPICS
from services.search.indexing.item_index import ItemIndex, Position, Unindexable
from services.search.indexing.pacing import Pacing
from shared.events.envelope import BadEvent, read_event
from shared.messaging.kafka import Bus, KafkaFault, Record, stop_reader
from shared.messaging.limits import ParkingFull
from shared.messaging.parking import Parking
from shared.messaging.status import ConsumerStatus
from shared.telemetry import CONSUMED

log = structlog.get_logger(__name__)

GROUP = "search.index"
"""No consumer group of Kafka's: the name under which lag, readiness and dead letters show it."""

_SLICE = 200
"""Records that are taken at once: a twentieth of a second of tokenising, which is what a challenge waits for at most."""
_SAME_LOG_SECONDS = 2.0

Failed = tuple[Record, str, str]
"""A record that cannot be taken, with the reason and the error."""


class LogChanged(Exception):
    """The log that the position was about is no more; what is published now begins at 0."""


@dataclass
class Lane:
    """One topic and its reader. `first`: it goes before every other lane."""

    topic: str
    first: bool
    reader: AIOKafkaConsumer


@dataclass
class Feed:
    """Keeps one index up to date until it is cancelled. `complete` once the end that was noted at the start is reached."""

    bus: Bus
    parking: Parking
    index: ItemIndex
    complete: bool = field(init=False)
    _lanes: list[Lane] = field(init=False, default_factory=list)
    _goal: dict[TopicPartition, int] = field(init=False, default_factory=dict)
    _offsets: dict[str, int] = field(init=False, default_factory=dict)
    _pacing: Pacing = field(init=False, default_factory=Pacing)
    _records_may_go: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _writing: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _stalled: bool = field(init=False, default=False)
    _flooded: bool = field(init=False, default=False)
    _thread: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.complete = self.index.position.complete
        self._records_may_go.set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="indexing")

    @property
    def group(self) -> str:
        return GROUP

    @property
    def progress(self) -> float:
        """The share of the log as it was at the start that is in the index, 0–1."""
        ends = {self._name(each): end for each, end in self._goal.items()}
        read = sum(min(end, self._offsets.get(name, 0)) for name, end in ends.items())
        return round(read / max(1, sum(ends.values())), 3)

    async def run(self) -> None:
        """Reads for ever. A broker that is away is waited for; ValueError when the index is broken."""
        while True:
            try:
                await self._read()
            except LogChanged:
                log.warning("feed.log_changed", was=self.index.position.log)
            except ParkingFull:
                # Nothing helps but another version of this code.
                self._flooded = True
                await asyncio.Event().wait()
            except (KafkaFault, OSError, TimeoutError) as error:
                self._stalled = True
                log.warning("feed.waiting", error=repr(error)[:300])
                await asyncio.sleep(1)

    def shows(self, ends: Mapping[TopicPartition, int]) -> bool:
        """Whether the last commit reaches these ends."""
        offsets = self.index.position.offsets
        return all(offsets.get(self._name(each), 0) >= end for each, end in ends.items())

    async def stop(self) -> None:
        """Frees the folder; to be called after `run` was cancelled."""
        await asyncio.to_thread(self._thread.shutdown)
        self.index.close()

    async def lag(self) -> dict[TopicPartition, int]:
        """Records not yet read, by partition, as of the last fetch; empty while the log cannot be read.

        Asked now, the broker would answer behind the reader's own long poll.
        """
        places = [(lane.reader, each) for lane in self._lanes for each in sorted(lane.reader.assignment())]
        return {
            each: max(0, (reader.highwater(each) or 0) - self._offsets.get(self._name(each), 0))
            for reader, each in places
        }

    async def status(self) -> ConsumerStatus:
        """For readiness."""
        places = [(lane.reader, each) for lane in self._lanes for each in lane.reader.assignment()]
        polls = [reader.last_poll_timestamp(each) for reader, each in places]
        behind = [(reader.highwater(each) or 0) - self._offsets.get(self._name(each), 0) for reader, each in places]
        return ConsumerStatus(
            group=GROUP,
            alive=True,
            stalled=self._stalled,
            flooded=self._flooded,
            busy_s=0.0,
            assigned=len(places),
            lag=sum(max(0, each) for each in behind),
            last_poll_age_s=round(time.time() - max(polls) / 1000, 1) if any(polls) else None,
        )

    async def _read(self) -> None:
        log_id = await self._log_id()
        lanes = [Lane(topic, topic == TOPICS[0], self.bus.reader(topic)) for topic in TOPICS]
        try:
            await asyncio.gather(*(lane.reader.start() for lane in lanes))
            await self._begin(lanes, log_id)
            await _together(
                *(self._follow(lane) for lane in lanes), self._commit_for_ever(log_id), self._watch_log(log_id)
            )
        finally:
            self._lanes = []
            self._records_may_go.set()
            await asyncio.gather(*(stop_reader(lane.reader) for lane in lanes))

    async def _begin(self, lanes: list[Lane], log_id: str) -> None:
        """Goes to where the index has read to; to the beginning of what has become shorter than that."""
        stored = self.index.position.offsets if self.index.position.log == log_id else {}
        self._offsets, self._goal = {}, {}
        for lane in lanes:
            partitions = sorted(lane.reader.assignment())
            begins = await lane.reader.beginning_offsets(partitions)
            ends = await lane.reader.end_offsets(partitions)
            for each in partitions:
                known = stored.get(self._name(each), 0)
                start = known if begins[each] <= known <= ends[each] else begins[each]
                lane.reader.seek(each, start)
                self._offsets[self._name(each)] = start
            self._goal |= ends
        self._lanes, self._stalled = lanes, False
        self._notice(changed=False)

    async def _follow(self, lane: Lane) -> None:
        """Takes what comes on this lane, slice by slice."""
        while True:
            if not lane.first:
                await self._records_may_go.wait()
            batches = await lane.reader.getmany(timeout_ms=500, max_records=_SLICE)
            if not batches:
                continue
            if lane.first:
                self._records_may_go.clear()
                try:
                    while batches:
                        await self._take(batches, urgent=True)
                        batches = await lane.reader.getmany(timeout_ms=0, max_records=_SLICE)
                finally:
                    self._records_may_go.set()
            else:
                await self._take(batches, prompt=sum(map(len, batches.values())) < _SLICE)

    async def _take(
        self, batches: dict[TopicPartition, list[Record]], *, prompt: bool = False, urgent: bool = False
    ) -> None:
        records = [record for batch in batches.values() for record in batch]
        async with self._writing:
            changed, failed = await self._in_thread(self._apply, records)
            await self._park(records, failed)
            self._offsets |= {self._name(each): batch[-1].offset + 1 for each, batch in batches.items()}
        self._notice(changed=changed > 0, prompt=prompt, urgent=urgent)

    async def _park(self, records: Sequence[Record], failed: Sequence[Failed]) -> None:
        """In the order of the log, so that what is parked in a row is in a row there."""
        reasons = {(record.topic, record.partition, record.offset): why for record, *why in failed}
        for record in records:
            if why := reasons.get((record.topic, record.partition, record.offset)):
                await self.parking.park(GROUP, record, *why)
            else:
                self.parking.handled(GROUP, [record])

    def _notice(self, *, changed: bool, prompt: bool = False, urgent: bool = False) -> None:
        """Says what there is to commit. An index that is being built is complete by a commit."""
        finished = not self.complete and self._has_reached_the_goal()
        if changed or finished:
            self._pacing.changed(prompt=finished or (prompt and self.complete), urgent=urgent and self.complete)

    def _apply(self, records: Sequence[Record]) -> tuple[int, list[Failed]]:
        """The number of records that changed the index, and the records that cannot be taken."""
        changed: int = 0
        failed: list[Failed] = []
        for record in records:
            try:
                changed += self.index.apply([read_event(record.headers, record.value)])
            except BadEvent as bad:
                failed.append((record, bad.reason, str(bad)))
            except Unindexable:
                failed.append((record, "handler_failed", traceback.format_exc(limit=-6)))
        CONSUMED.labels(GROUP, "parked").inc(len(failed))
        CONSUMED.labels(GROUP, "done").inc(len(records) - len(failed))
        return changed, failed

    async def _commit_for_ever(self, log_id: str) -> None:
        while True:
            await self._pacing.due()
            if self._pacing.has_changes or self._offsets != self.index.position.offsets:
                await self._commit(log_id)

    async def _commit(self, log_id: str) -> None:
        async with self._writing:
            self._pacing.begun()
            complete = self.complete or self._has_reached_the_goal()
            await self._in_thread(self.index.commit, Position(log_id, dict(self._offsets), complete=complete))
            self._pacing.ended()
            self.complete = complete

    def _has_reached_the_goal(self) -> bool:
        return all(self._offsets[self._name(each)] >= end for each, end in self._goal.items())

    async def _watch_log(self, log_id: str) -> None:
        while True:
            await asyncio.sleep(_SAME_LOG_SECONDS)
            if await self._log_id() != log_id:
                raise LogChanged

    async def _log_id(self) -> str:
        """Of all topics together. KafkaFault while one of them is not there."""
        logs = await self.bus.log_ids(*TOPICS)
        if set(TOPICS) - set(logs):
            raise UnknownTopicOrPartitionError
        return " ".join(logs[topic] for topic in TOPICS)

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _name(self, partition: TopicPartition) -> str:
        return f"{partition.topic.removeprefix(self.bus.settings.prefix)}/{partition.partition}"


async def _together(*jobs: Coroutine[Any, Any, None]) -> None:
    """Runs all until the first fails; the others end with it."""
    tasks = [asyncio.create_task(each) for each in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
