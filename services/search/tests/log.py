"""A Kafka log in memory, as far as a feed reads it, and a pointer document as far as a replica follows it."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError
from pymongo.results import UpdateResult

from shared.events.envelope import Event
from shared.settings import Settings

PARTITIONS = 2


@dataclass
class Log:
    """Stands for `shared.messaging.kafka.Bus` where a feed is concerned. `wipe` is a broker formatted anew."""

    settings: Settings = field(default_factory=Settings)
    cluster: str = "first"
    away: bool = False
    """The broker does not answer; and as with aiokafka then, stopping a reader raises CancelledError."""
    whole: bool = True
    """Its owners have published everything to it."""
    begin: int = 0
    """What came before this offset was removed from every partition."""
    parked: list[tuple[int, str]] = field(default_factory=list)
    _records: dict[TopicPartition, list[Any]] = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self, *events: Event) -> None:
        for event in events:
            self.append(event.topic, event.subject, event.headers, event.value)

    def append(self, topic: str, key: str, headers: list[tuple[str, bytes]], value: bytes) -> None:
        partition = TopicPartition(topic, sum(key.encode()) % PARTITIONS)
        records = self._records.setdefault(partition, [])
        place = (topic, partition.partition, len(records), 0, 0, key.encode(), value, None, 0, 0, tuple(headers))
        records.append(ConsumerRecord(*place))
        self._arrived.set()

    def wipe(self) -> None:
        self._records.clear()
        self.cluster = "another"

    async def log_ids(self, *topics: str) -> dict[str, str]:
        if self.away:
            raise KafkaConnectionError
        return {each: f"{self.cluster}/{each}" for each in topics}

    async def is_whole(self, _: Sequence[str]) -> bool:
        return self.whole

    async def park(self, group: str, record: Any, reason: str, error: str) -> None:
        self.parked.append((record.offset, reason))

    def handled(self, group: str, records: Iterable[Any]) -> None:
        """Nothing is counted here."""

    def reader(self, *topics: str) -> "Reader":
        return Reader(self, [TopicPartition(topic, each) for topic in topics for each in range(PARTITIONS)])

    async def end_offsets(self, *topics: str) -> dict[TopicPartition, int]:
        reader = self.reader(*topics)
        return await reader.end_offsets(reader.partitions)

    def partitions(self) -> list[TopicPartition]:
        return list(self._records)

    def records(self, partition: TopicPartition) -> list[Any]:
        return self._records.get(partition, [])

    async def news(self, seconds: float) -> None:
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), seconds)
        except TimeoutError:
            return


@dataclass
class Reader:
    """Stands for an aiokafka consumer without a group."""

    log: Log
    partitions: list[TopicPartition]
    positions: dict[TopicPartition, int] = field(default_factory=dict)

    async def start(self) -> None: ...

    async def stop(self) -> None:
        if self.log.away:
            raise asyncio.CancelledError

    def assignment(self) -> set[TopicPartition]:
        return set(self.partitions)

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.log.begin)

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {each: len(self.log.records(each)) for each in partitions}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.positions[partition] = offset

    async def position(self, partition: TopicPartition) -> int:
        return self.positions[partition]

    def highwater(self, partition: TopicPartition) -> int:
        return len(self.log.records(partition))

    def last_poll_timestamp(self, _: TopicPartition) -> int:
        return int(time.time() * 1000)

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        if not (found := self._take(max_records)):
            await self.log.news(timeout_ms / 1000)
            found = self._take(max_records)
        return found

    def _take(self, most: int) -> dict[TopicPartition, list[Any]]:
        found: dict[TopicPartition, list[Any]] = {}
        for each in self.partitions:
            left = most - sum(map(len, found.values()))
            ahead = self.log.records(each)[self.positions[each] :][:left]
            if ahead:
                found[each] = ahead
                self.positions[each] += len(ahead)
        return found


@dataclass
class Pointers:
    """Stands for the collection that says which generation is wanted."""

    pointer: dict[str, Any] = field(default_factory=lambda: {"_id": "index", "generation": 1})
    lost: int = 0
    """So many writes from now on find that somebody else was faster."""

    async def find_one(self, _: Any) -> dict[str, Any]:
        return self.pointer

    async def update_one(self, _: Any, pipeline: list[dict[str, Any]]) -> UpdateResult:
        """A guarded write; the guard holds unless it is to be lost."""
        if self.lost:
            self.lost -= 1
            self.pointer = {**self.pointer, "revision": self.pointer.get("revision", 0) + 1}
            return UpdateResult({"nModified": 0}, acknowledged=True)
        _, written, _ = pipeline[0]["$replaceWith"]["$cond"]
        self.pointer = written["$literal"]
        return UpdateResult({"nModified": 1}, acknowledged=True)
