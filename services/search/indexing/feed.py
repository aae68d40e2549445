"""Kafka → one index: every partition, no group, the position kept in the index itself.

Tokenising and committing happen in a thread of their own, so that queries go on. What comes after a pause is committed at
once; under load commits are spaced, so that they never take more than a part of the time.
"""

import asyncio
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.search.domain.items import TOPICS
from services.search.indexing.item_index import ItemIndex, Position, Unindexable
from shared.events.envelope import BadEvent, Event, read_event
from shared.messaging.kafka import Bus, KafkaFault, Record, stop_reader
from shared.messaging.parking import Parking
from shared.telemetry import CONSUMED

log = structlog.get_logger(__name__)

GROUP = "search.index"
"""No consumer group of Kafka's: the name under which lag and readiness show it."""

_AT_ONCE = 1_000
_COMMIT_GAP_SECONDS = 0.05
_BACKLOG_GAP_SECONDS = 2.0
_POSITION_GAP_SECONDS = 5.0
_SAME_CLUSTER_SECONDS = 10.0


class ClusterChanged(Exception):
    """The log that the position was about is no more; what is published now begins at 0."""


@dataclass
class Feed:
    """Keeps one index up to date until it is cancelled. `complete` once the end that was noted at the start is reached."""

    bus: Bus
    parking: Parking
    index: ItemIndex
    complete: bool = field(init=False)
    _reader: AIOKafkaConsumer | None = field(init=False, default=None)
    _goal: dict[TopicPartition, int] = field(init=False, default_factory=dict)
    _offsets: dict[str, int] = field(init=False, default_factory=dict)
    _changed: bool = field(init=False, default=False)
    _committed_at: float = field(init=False, default=0.0)
    _commit_seconds: float = field(init=False, default=0.0)
    _stalled: bool = field(init=False, default=False)
    _thread: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.complete = self.index.position.complete
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="indexing")

    @property
    def group(self) -> str:
        return GROUP

    @property
    def progress(self) -> float:
        """How much of what the log held at the start is in the index, 0–1."""
        ends = {self._name(each): end for each, end in self._goal.items()}
        read = sum(min(end, self._offsets.get(name, 0)) for name, end in ends.items())
        return round(read / max(1, sum(ends.values())), 3)

    async def run(self) -> None:
        """Reads for ever. A broker that is away is waited for; ValueError when the index is broken."""
        while True:
            try:
                await self._read()
            except ClusterChanged:
                log.warning("feed.cluster_changed", was=self.index.position.cluster)
            except (KafkaFault, OSError, TimeoutError) as error:
                self._stalled = True
                log.warning("feed.waiting", error=repr(error)[:300])
                await asyncio.sleep(1)

    async def stop(self) -> None:
        """Frees the folder; to be called after `run` was cancelled."""
        await asyncio.to_thread(self._thread.shutdown)
        self.index.close()

    async def lag(self) -> dict[TopicPartition, int]:
        """Records not yet read, by partition; empty while the log cannot be read."""
        reader = self._reader
        if reader is None or not reader.assignment():
            return {}
        ends = await reader.end_offsets(sorted(reader.assignment()))
        return {each: max(0, end - self._offsets.get(self._name(each), 0)) for each, end in ends.items()}

    async def status(self) -> dict[str, Any]:
        """For readiness."""
        reader = self._reader
        partitions = reader.assignment() if reader else set()
        polls = [reader.last_poll_timestamp(each) for each in partitions] if reader else []
        behind = [
            (reader.highwater(each) or 0) - self._offsets.get(self._name(each), 0) for each in partitions if reader
        ]
        return {
            "group": GROUP,
            "alive": True,
            "stalled": self._stalled,
            "busy_s": 0.0,
            "assigned": len(partitions),
            "lag": sum(max(0, each) for each in behind),
            "last_poll_age_s": round(time.time() - max(polls) / 1000, 1) if any(polls) else None,
        }

    async def _read(self) -> None:
        cluster = await self.bus.cluster_id()
        reader = self.bus.reader(*TOPICS)
        try:
            await reader.start()
            await self._begin(reader, cluster)
            asked = time.monotonic()
            while True:
                batches = await reader.getmany(timeout_ms=self._patience_ms(), max_records=_AT_ONCE)
                await self._take(batches)
                await self._commit_when_due(cluster, more=sum(map(len, batches.values())) >= _AT_ONCE)
                if time.monotonic() - asked > _SAME_CLUSTER_SECONDS:
                    asked = time.monotonic()
                    if await self.bus.cluster_id() != cluster:
                        raise ClusterChanged
        finally:
            self._reader = None
            await stop_reader(reader)

    async def _begin(self, reader: AIOKafkaConsumer, cluster: str) -> None:
        """Goes to where the index has read to; to the beginning of what has become shorter than that."""
        partitions = sorted(reader.assignment())
        ends = await reader.end_offsets(partitions)
        stored = self.index.position.offsets if self.index.position.cluster == cluster else {}
        self._offsets = {}
        for each in partitions:
            known = stored.get(self._name(each), 0)
            start = known if known <= ends[each] else 0
            reader.seek(each, start)
            self._offsets[self._name(each)] = start
        self._goal, self._reader, self._stalled = ends, reader, False

    async def _take(self, batches: dict[TopicPartition, list[Record]]) -> None:
        if not batches:
            return
        records = [record for batch in batches.values() for record in batch]
        changed, failed = await self._in_thread(self._apply, records)
        for record, error in failed:
            await self.parking.park(GROUP, record, "handler_failed", error)
        self._changed = self._changed or changed > 0
        self._offsets |= {self._name(each): batch[-1].offset + 1 for each, batch in batches.items()}

    def _apply(self, records: Sequence[Record]) -> tuple[int, list[tuple[Record, str]]]:
        """How many changed something, and those that cannot be indexed, with their errors."""
        changed, failed = 0, []
        for record in records:
            event = _read(record)
            try:
                changed += self.index.apply([event] if event else [])
            except Unindexable:
                failed.append((record, traceback.format_exc(limit=-6)))
        return changed, failed

    async def _commit_when_due(self, cluster: str, *, more: bool) -> None:
        finished = not self.complete and await self._has_reached_the_goal()
        if finished or self._is_due(more):
            position = Position(cluster, self._offsets, complete=self.complete or finished)
            began = time.monotonic()
            await self._in_thread(self.index.commit, position)
            self._committed_at = time.monotonic()
            self._commit_seconds, self._changed = self._committed_at - began, False
            self.complete = self.complete or finished

    def _is_due(self, more: bool) -> bool:
        since = time.monotonic() - self._committed_at
        if self._changed:
            return since >= (_BACKLOG_GAP_SECONDS if more or not self.complete else self._gap_seconds)
        return self._offsets != self.index.position.offsets and since >= _POSITION_GAP_SECONDS

    def _patience_ms(self) -> int:
        """How long to wait for more: until the next commit is due, where there is something to commit."""
        if not self._changed:
            return 500
        due = self._committed_at + self._gap_seconds
        return max(1, min(500, int((due - time.monotonic()) * 1000)))

    @property
    def _gap_seconds(self) -> float:
        """Between the end of a commit and the next: the slower the disk, the longer, so that they take a third at most."""
        return max(_COMMIT_GAP_SECONDS, 2 * self._commit_seconds)

    async def _has_reached_the_goal(self) -> bool:
        assert self._reader is not None
        return all([await self._reader.position(each) >= end for each, end in self._goal.items()])

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _name(self, partition: TopicPartition) -> str:
        return f"{partition.topic.removeprefix(self.bus.settings.prefix)}/{partition.partition}"


def _read(record: Record) -> Event | None:
    """None for what is no event of ours: the consumer of the read model `items` parks it, with its reason."""
    try:
        return read_event(record.headers, record.value)
    except BadEvent:
        CONSUMED.labels(GROUP, "skipped").inc()
        return None
