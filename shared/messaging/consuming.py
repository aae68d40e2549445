"""Law 6: read, work, publish, then commit.

A consumer takes a batch, parks what is no event of ours, hands the rest to its handler, and lets FastStream commit only
when that returned. A fault of infrastructure waits and retries inside the handler, so the offset does not move; a
message that can never work is parked with its reason, so the offset does; where too many would be parked, the consumer stops
and waits for people.
"""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka.subscriber.usecase import BatchSubscriber
from faststream.message import StreamMessage
from opentelemetry.trace import SpanKind

from shared.events.envelope import BadEvent, Event, read_event
from shared.messaging.faults import is_infrastructure
from shared.messaging.kafka import Bus, Record, from_the_beginning
from shared.messaging.limits import ParkingFull
from shared.messaging.marks import Marks
from shared.messaging.parking import Parking
from shared.messaging.status import ConsumerStatus
from shared.telemetry import CONSUMED, STALLED, span

log = structlog.get_logger(__name__)

T = TypeVar("T")
_WAIT_MS = 1_000
Records = tuple[Record, ...]
Handle = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True)
class Subscription:
    """A consumer group (without prefix, such as `search.items`), its topics, and the function that handles a batch.

    `handle` gets events in the log's order per key; it may get them again and must not mind.
    """

    group: str
    topics: tuple[str, ...]
    handle: Handle
    batch: int = 500


@dataclass(frozen=True)
class Elsewhere:
    """A subscription that another process works on."""

    bus: Bus
    subscription: Subscription

    @property
    def group(self) -> str:
        return self.subscription.group

    async def lag(self) -> dict[TopicPartition, int]:
        """Records not yet committed by the group, by partition."""
        return await self.bus.lag_of_group(self.group, self.subscription.topics)


class PromptSubscriber(BatchSubscriber):
    """Takes records the moment they come, and costs nothing while none do.

    FastStream's own sleeps for another `batch_timeout_ms` after every empty poll: a short timeout then burns a twentieth
    of a core in each idle process, a long one delays the next record.
    """

    async def get_msg(self, consumer: AIOKafkaConsumer) -> Records:
        batches = await consumer.getmany(timeout_ms=self.batch_timeout_ms, max_records=self.max_records)
        return tuple(chain.from_iterable(batches.values()))


class Interrupted(Exception):
    """The process stops while the consumer waits: the batch goes back, uncommitted."""


@dataclass
class Consumer:
    """One subscription at work."""

    bus: Bus
    subscription: Subscription
    parking: Parking
    marks: Marks
    member: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    subscriber: BatchSubscriber | None = None
    stalled: bool = False
    flooded: bool = False
    _begun_at: float | None = None
    """When the batch that is worked on was taken."""

    @property
    def group(self) -> str:
        return self.subscription.group

    async def start(self) -> None:
        """Joins the group. Static membership: a process that comes back takes its partitions without a rebalance."""
        settings = self.bus.settings
        subscriber = self.bus.broker.subscriber(
            *(settings.topic(name) for name in self.subscription.topics),
            batch=True,
            group_id=settings.group(self.subscription.group),
            group_instance_id=f"{self.member}-{self.subscription.group}",
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            no_reply=True,
            max_records=self.subscription.batch,
            batch_timeout_ms=_WAIT_MS,
            session_timeout_ms=45_000,
            rebalance_timeout_ms=60_000,
            parser=undecoded,
            decoder=as_records,
        )
        assert isinstance(subscriber, BatchSubscriber)
        # FastStream makes its subscribers itself and takes no class of ours.
        subscriber.__class__ = PromptSubscriber
        subscriber(self.take)
        self.subscriber = subscriber
        await subscriber.start()

    async def stop(self) -> None:
        """Leaves after the running batch."""
        self.stopping.set()
        if self.subscriber:
            await self.subscriber.stop()

    def read_again(self, topic: str) -> None:
        """Goes to the beginning of the topic, where this process has partitions of it: it was made anew."""
        consumer = self.subscriber.consumer if self.subscriber else None
        if consumer:
            from_the_beginning(consumer, self.bus.settings.topic(topic))

    async def lag(self) -> dict[TopicPartition, int]:
        """Records not yet committed by the group, by partition."""
        return await self.bus.lag_of_group(self.group, self.subscription.topics)

    async def status(self) -> ConsumerStatus:
        """For readiness and for operators."""
        consumer = self.subscriber.consumer if self.subscriber else None
        partitions = consumer.assignment() if consumer else set()
        polls = [consumer.last_poll_timestamp(each) for each in partitions if consumer]
        return ConsumerStatus(
            group=self.subscription.group,
            alive=self.subscriber is not None and any(not task.done() for task in self.subscriber.tasks),
            stalled=self.stalled,
            flooded=self.flooded,
            busy_s=round(time.monotonic() - self._begun_at, 1) if self._begun_at else 0.0,
            assigned=len(partitions),
            lag=sum([await _behind(consumer, each) for each in partitions if consumer]),
            last_poll_age_s=round(time.time() - max(polls) / 1000, 1) if any(polls) else None,
        )

    async def take(self, records: list[Record]) -> None:
        """One batch from Kafka. Returning means: commit."""
        self._begun_at = time.monotonic()
        try:
            await self._take(records)
        finally:
            self._begun_at = None

    async def _take(self, records: list[Record]) -> None:
        suspects = await self._patiently(lambda: self.marks.suspects(self.subscription.group, records))
        if suspects:
            for record in records:
                await self._work_warily(record)
        else:
            await self._work(records)
        await self._patiently(lambda: self.marks.settled(self.subscription.group, records))

    async def _work_warily(self, record: Record) -> None:
        """One record of a batch that was begun before and never ended."""
        group = self.subscription.group
        if await self._patiently(lambda: self.marks.is_deadly(group, record)):
            await self._park(record, "killed_the_process", "the process died three times while handling it")
            return
        await self._work([record])
        await self._patiently(lambda: self.marks.survived(group, record))

    async def _work(self, records: Sequence[Record]) -> None:
        """In the order of the log, so that what is parked in a row is in a row there."""
        good: list[tuple[Record, Event]] = []
        for record in records:
            try:
                good.append((record, read_event(record.headers, record.value)))
            except BadEvent as bad:
                await self._handle(good)
                good = []
                await self._park(record, bad.reason, str(bad))
        await self._handle(good)

    async def _handle(self, good: Sequence[tuple[Record, Event]]) -> None:
        """All at once; when that cannot work, one by one, so that only the culprit is parked."""
        if not good:
            return
        try:
            await self._patiently(lambda: self._call([event for _, event in good]))
        except Interrupted:
            raise
        except Exception:
            if len(good) > 1:
                for each in good:
                    await self._handle([each])
                return
            await self._park(good[0][0], "handler_failed", traceback.format_exc(limit=-6))
            return
        self.parking.handled(self.subscription.group, (record for record, _ in good))
        CONSUMED.labels(self.subscription.group, "done").inc(len(good))

    async def _call(self, events: Sequence[Event]) -> None:
        first, several = events[0], len(events) > 1
        event_id = None if several else first.id
        kind = SpanKind.CONSUMER
        with span(
            f"consume {self.subscription.group}", first.traceparent, kind=kind, event_id=event_id, events=len(events)
        ):
            await self.subscription.handle(events)

    async def _park(self, record: Record, reason: str, error: str) -> None:
        try:
            await self._patiently(lambda: self.parking.park(self.subscription.group, record, reason, error))
        except ParkingFull as full:
            self.flooded = True
            await self.stopping.wait()
            raise Interrupted from full
        CONSUMED.labels(self.subscription.group, "parked").inc()

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Tries until it works or cannot work; gives up only when the process stops."""
        pause = 0.1
        while True:
            try:
                result = await work()
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                if self.stopping.is_set():
                    raise Interrupted from error
                self._stall(True)
                log.warning("consumer.waiting", group=self.subscription.group, error=repr(error)[:300])
                await self._pause(pause)
                pause = min(pause * 2, 2.0)
            else:
                if self.stalled:
                    self._stall(False)
                return result

    def _stall(self, stalled: bool) -> None:
        self.stalled = stalled
        STALLED.labels(self.subscription.group).set(stalled)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return


async def _behind(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int:
    """Records fetched or known of and not yet taken; 0 while the position is still being looked up."""
    try:
        async with asyncio.timeout(0.5):
            return max(0, (consumer.highwater(partition) or 0) - int(await consumer.position(partition)))
    except (TimeoutError, KafkaError):
        return 0


async def undecoded(
    records: Records, original: Callable[[Records], Awaitable[StreamMessage[Records]]]
) -> StreamMessage[Records]:
    """FastStream's message around the records as they came: a header that is not UTF-8 must not be an exception here."""
    message = await original((replace(records[0], headers=()),))
    message.raw_message = records
    return message


async def as_records(message: StreamMessage[Records]) -> list[Record]:
    """Decoding happens in `_work`, where a bad value becomes a dead letter instead of an endless redelivery."""
    return list(message.raw_message)
