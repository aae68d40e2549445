"""The end of the log: what arrives on Kafka from now on, with where exactly it stands."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord, TopicPartition

from shared.events.topics import TOPICS


@dataclass(frozen=True)
class Seen:
    """One event as it stands in the log. `at` is when it was published, in seconds since 1970."""

    type: str
    subject: str
    topic: str
    partition: int
    offset: int
    at: float
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.type} → {self.topic}[{self.partition}]@{self.offset}"


class Tail:
    """Reads every topic from its end on, in a thread of its own; a context manager."""

    def __init__(self, kafka: str, prefix: str = "") -> None:
        self._kafka, self._prefix = kafka, prefix
        self._seen: list[Seen] = []
        self._arrived = threading.Condition()
        self._started = threading.Event()
        self._stopping = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="tail", daemon=True)

    def __enter__(self) -> "Tail":
        self._thread.start()
        if not self._started.wait(30) or self._error:
            raise TimeoutError(f"读不到 Kafka（{self._kafka}）：{self._error or '30 秒内没有应答'}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        self._thread.join(10)

    def event(self, kind: str, fits: Callable[[Seen], bool], seconds: float = 30) -> Seen:
        """The first event of this type (such as `challenge.published`) that fits; TimeoutError when none comes."""
        end = time.monotonic() + seconds
        with self._arrived:
            while True:
                for each in self._seen:
                    if each.type == kind and fits(each):
                        return each
                left = end - time.monotonic()
                if left <= 0 or self._error:
                    raise TimeoutError(f"{seconds:.0f} 秒内没有等到事件 {kind}")
                self._arrived.wait(left)

    def _run(self) -> None:
        try:
            asyncio.run(self._read())
        except BaseException as error:
            self._error = error
            raise
        finally:
            self._started.set()
            with self._arrived:
                self._arrived.notify_all()

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(bootstrap_servers=self._kafka.split(","), enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = [
                TopicPartition(self._prefix + topic.name, number)
                for topic in TOPICS.values()
                for number in range(topic.partitions)
            ]
            consumer.assign(partitions)
            await consumer.seek_to_end(*partitions)
            self._started.set()
            while not self._stopping.is_set():
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    with self._arrived:
                        self._seen += [_seen(record) for record in records]
                        self._arrived.notify_all()
        finally:
            await consumer.stop()


def _seen(record: "ConsumerRecord[bytes, bytes]") -> Seen:
    headers = {name: value.decode() for name, value in record.headers}
    return Seen(
        type=headers.get("ce_type", "").removeprefix("cn.huning.").rsplit(".v", 1)[0],
        subject=headers.get("ce_subject", ""),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        at=record.timestamp / 1000,
        data=orjson.loads(record.value) if record.value else {},
    )
