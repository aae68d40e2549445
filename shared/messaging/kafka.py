"""Kafka: one idempotent producer for what is published, FastStream subscribers for what is consumed.

The producer is aiokafka's own, because FastStream publishes one message a time (here: 3,600-7,700/s against 70,000/s)
and cannot be made anew when an idempotent producer has lost its sequence (aiokafka #1017).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OutOfOrderSequenceNumber, ProducerFenced
from faststream.kafka import KafkaBroker

from shared.events.envelope import Event
from shared.events.topics import TOPICS
from shared.messaging.lag import Lags
from shared.messaging.log_ids import LogIds
from shared.settings import Settings
from shared.values.jurisdictions import Jurisdiction

log = structlog.get_logger(__name__)

Record = ConsumerRecord[bytes, bytes]
KafkaFault = KafkaError
"""Any failure of the broker; consumers wait, the relay tries again."""

_IN_FLIGHT = 2_000
MAX_BYTES = 950_000
"""Of a message's value; with key and headers it stays below what Kafka takes."""
_MAX_REQUEST = 1_000_000
_METADATA_MS = 10_000
"""How soon a consumer sees topics that were made anew on a wiped broker; aiokafka's own five minutes are too long."""


@dataclass
class Bus:
    """The process's connection to Kafka. `start` waits until the broker and every topic are there."""

    settings: Settings
    client_id: str
    broker: KafkaBroker = field(init=False)
    _lags: Lags = field(init=False)
    _log_ids: LogIds = field(init=False)
    _producer: AIOKafkaProducer | None = field(init=False, default=None)
    _making: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._lags = Lags(self.settings, self.client_id)
        self._log_ids = LogIds(self.settings, self.client_id)
        self.broker = KafkaBroker(
            self.settings.kafka.split(","),
            client_id=self.client_id,
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=_METADATA_MS,
            apply_types=False,
            logger=None,
            graceful_timeout=10.0,
        )

    async def start(self) -> None:
        """Waits for the broker and the topics, in whatever order things were started."""
        while not await self._topics_exist():
            await asyncio.sleep(0.2)
        await self._started_producer()
        await self.broker.start()

    async def stop(self) -> None:
        """Lets running handlers end, commits what they finished, flushes the producer."""
        await self.broker.stop()
        await self._lags.close()
        await self._log_ids.close()
        if self._producer:
            await self._producer.stop()

    async def publish(self, event: Event) -> None:
        """Returns once Kafka has acknowledged; raises TimeoutError or KafkaError, and then the event may still arrive."""
        await self.publish_many([event])

    async def publish_many(self, events: Sequence[Event]) -> None:
        """Publishes all in order per key, and returns once every one is acknowledged."""
        for start in range(0, len(events), _IN_FLIGHT):
            await self._send(events[start : start + _IN_FLIGHT])

    async def is_up(self) -> bool:
        """Whether the broker answers a metadata request."""
        if self._producer is None:
            return False
        try:
            async with asyncio.timeout(2):
                await self._producer.client.fetch_all_metadata()
        except (KafkaError, TimeoutError, OSError):
            return False
        return True

    async def log_ids(self, *topics: str) -> dict[str, str]:
        """Which log each of these topics is, those that are there: another id means that it was wiped or made anew.

        KafkaFault, OSError or TimeoutError while the broker is away.
        """
        return await self._log_ids.of(topics)

    async def lag_of_group(self, group: str, topics: Sequence[str]) -> dict[TopicPartition, int]:
        """How many records a group has yet to commit, by partition, whichever process works on them."""
        return await self._lags.of(group, topics)

    async def end_offsets(self, *topics: str) -> dict[TopicPartition, int]:
        """Where each partition of these topics ends now."""
        reader = self.reader(*topics)
        try:
            await reader.start()
            ends: dict[TopicPartition, int] = await reader.end_offsets(sorted(reader.assignment()))
            return ends
        finally:
            await stop_reader(reader)

    def reader(self, *topics: str) -> AIOKafkaConsumer:
        """A consumer of all partitions without a group, for folds that keep their own position.

        Topics are named without prefix. The caller starts it, which assigns the partitions, seeks, and stops it.
        """
        return AIOKafkaConsumer(
            *(self.settings.topic(name) for name in topics),
            bootstrap_servers=self.settings.kafka.split(","),
            client_id=self.client_id,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )

    async def _send(self, events: Sequence[Event]) -> None:
        producer = await self._started_producer()
        try:
            async with asyncio.timeout(self.settings.publish_timeout_seconds):
                futures = [
                    await producer.send(
                        self.settings.topic(each.topic),
                        each.value,
                        key=each.key,
                        partition=partition_of(each),
                        headers=each.headers,
                    )
                    for each in events
                ]
                await asyncio.gather(*futures)
        except (OutOfOrderSequenceNumber, ProducerFenced, TimeoutError, asyncio.CancelledError):
            # It has lost its place, or holds records that would arrive later in the wrong order: begin a new one.
            await self._drop(producer)
            raise

    async def _started_producer(self) -> AIOKafkaProducer:
        async with self._making:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self.settings.kafka.split(","),
                    client_id=self.client_id,
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=2,
                    max_batch_size=128 * 1024,
                    max_request_size=_MAX_REQUEST,
                    compression_type="lz4",
                )
                await producer.start()
                self._producer = producer
            return self._producer

    async def _drop(self, producer: AIOKafkaProducer) -> None:
        if self._producer is producer:
            self._producer = None
            task = asyncio.create_task(_close(producer))
            task.add_done_callback(lambda done: done.exception())

    async def _topics_exist(self) -> bool:
        reader = self.reader()
        try:
            await reader.start()
            there = await reader.topics()
        except (KafkaError, OSError):
            return False
        finally:
            await stop_reader(reader)
        missing = {self.settings.topic(name) for name in TOPICS} - there
        if missing:
            log.info("bus.waiting_for_topics", missing=sorted(missing))
        return not missing


async def _close(producer: AIOKafkaProducer) -> None:
    async with asyncio.timeout(5):
        await producer.stop()


async def stop_reader(reader: AIOKafkaConsumer) -> None:
    """Stops it, whatever state the broker is in.

    While the broker is away, aiokafka lets the cancellation of its own fetch task escape from `stop`, where it would
    look like ours and silently end whoever called.
    """
    await asyncio.gather(reader.stop(), return_exceptions=True)


def from_the_beginning(reader: AIOKafkaConsumer, topic: str) -> None:
    """Goes to the beginning of the topic (with prefix) on the partitions that it reads, at once and without asking anybody.

    aiokafka's own `seek_to_beginning` waits for the broker's answer, for ever where the topic is just being made anew.
    """
    for partition in reader.assignment():
        if partition.topic == topic:
            reader.seek(partition, 0)


def partition_of(event: Event) -> int | None:
    """The partition where the topic has one per jurisdiction; None leaves it to the key."""
    if not TOPICS[event.topic].per_jurisdiction:
        return None
    return list(Jurisdiction).index(Jurisdiction(event.jurisdiction or ""))
