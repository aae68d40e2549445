"""Parking: a message that could not be handled goes whole to the dead-letter topic, with its reason, up to a limit."""

import base64
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from opentelemetry.trace import SpanKind

from shared.events.dead_letters import DeadLetter
from shared.events.envelope import Event, event
from shared.messaging.kafka import MAX_BYTES, Bus, Record
from shared.messaging.limits import ParkingFull, ParkingLimit, Place
from shared.telemetry import FLOODED, PARKED, current_traceparent, span
from shared.values.clock import now

log = structlog.get_logger(__name__)

_LONGEST_ID = 300
_NAMESPACE = uuid.UUID("6f6d1c7e-94c5-5c0e-9f57-8a3c0d6a5a10")


@dataclass(frozen=True)
class Parking:
    """Where a consumer puts what it cannot handle. Parking the same message twice is one dead letter."""

    bus: Bus
    service: str
    limit: ParkingLimit
    _counted: dict[Place, int] = field(default_factory=dict)
    """The highest offset that was counted: what is read again, as by a rebuild of the index, is no new bad message."""

    async def park(self, group: str, record: Record, reason: str, error: str) -> None:
        """Returns once Kafka has acknowledged the dead letter. ParkingFull where one more would be too many."""
        place = _place(group, record)
        is_new = record.offset > self._counted.get(place, -1)
        if is_new and self.limit.is_reached(place, time.monotonic()):
            FLOODED.labels(group).set(1)
            log.error("consumer.flooded", group=group, topic=record.topic, partition=record.partition, reason=reason)
            raise ParkingFull(f"{group}: too many messages of {record.topic}/{record.partition} cannot be handled")
        await self._publish(group, record, reason, error)
        if is_new:
            self.limit.parked(place, time.monotonic())
            self._counted[place] = record.offset

    def handled(self, group: str, records: Iterable[Record]) -> None:
        """These were handled: the consumer is not in a row of bad messages."""
        for record in records:
            self.limit.handled(_place(group, record))

    async def _publish(self, group: str, record: Record, reason: str, error: str) -> None:
        letter = self._letter(group, record, reason, error)
        with span(
            f"park {group}", dict(letter.headers).get("traceparent"), kind=SpanKind.PRODUCER, event_id=letter.event_id
        ):
            await self.bus.publish(_fitting(letter))
            place = {"topic": letter.topic, "partition": letter.partition, "offset": letter.offset}
            log.warning("consumer.parked", group=group, **place, reason=reason, letter_id=letter.id)
        PARKED.labels(group, reason).inc()

    def _letter(self, group: str, record: Record, reason: str, error: str) -> DeadLetter:
        prefix = self.bus.settings.prefix
        headers = tuple((name, value.decode(errors="replace")) for name, value in record.headers)
        place = f"{group}/{record.topic}/{record.partition}/{record.offset}"
        return DeadLetter(
            id=str(uuid.uuid5(_NAMESPACE, place)),
            service=self.service,
            group=group,
            topic=record.topic.removeprefix(prefix),
            partition=record.partition,
            offset=record.offset,
            event_id=dict(headers).get("ce_id", "")[:_LONGEST_ID] or None,
            reason=reason,
            error=error[:2_000],
            key=_base64(record.key),
            value=_base64(record.value),
            headers=headers,
            at=now(),
        )


def _place(group: str, record: Record) -> Place:
    return group, record.topic, record.partition


def _fitting(letter: DeadLetter) -> Event:
    """The letter as an event that Kafka takes. Where the message lies is always said; what does not fit stays there."""
    value_left_out = letter.model_copy(update={"value": None})
    all_left_out = value_left_out.model_copy(update={"key": None, "headers": ()})
    parked = [
        event("dead-letter.parked", letter.id, 1, letter.at, each, traceparent=current_traceparent())
        for each in (letter, value_left_out, all_left_out)
    ]
    return next(each for each in parked if len(each.value) <= MAX_BYTES or each is parked[-1])


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()
