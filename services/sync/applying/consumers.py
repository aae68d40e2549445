"""Kafka: orders to go on with a batch."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from opentelemetry.trace import SpanKind

from services.sync.applying.worker import Worker
from shared.events.envelope import Event
from shared.events.sync import AdvanceBatch
from shared.messaging.consuming import Handle, Subscription
from shared.telemetry import span

_ORDERS_AT_ONCE = 64
"""Enough for an order of every city to be among them, however many lists one of them pushes at a time."""

ROUND_SECONDS = 2.0
"""How long the orders that came together may be worked on, all in all; then what is unfinished orders itself on, behind
whoever waits. So nobody waits longer for their first chunk than that, and one chunk of each order before theirs."""

_GROUP, _TOPICS = "sync.worker", ("huning.intake",)


def intake(worker: Worker) -> Subscription:
    """The worker's. One order per batch is enough, however often it stands in the same batch of messages."""

    async def handle(events: Sequence[Event]) -> None:
        orders = {event.data.batch_id: event for event in events if isinstance(event.data, AdvanceBatch)}
        for batch_id, order, seconds in in_turn(orders):
            with span("advance batch", order.traceparent, kind=SpanKind.CONSUMER, event_id=order.id):
                await worker.advance(batch_id, seconds)

    return Subscription(_GROUP, _TOPICS, handle, batch=_ORDERS_AT_ONCE)


def in_turn(orders: Mapping[str, Event]) -> list[tuple[str, Event, float]]:
    """The orders by batch, city by city in turn, each with its share of the round, which is the same for every city."""
    cities: dict[str | None, list[tuple[str, Event]]] = {}
    for batch_id, order in orders.items():
        cities.setdefault(order.jurisdiction, []).append((batch_id, order))
    turns = zip_longest(*([(*each, ROUND_SECONDS / len(cities) / len(own)) for each in own] for own in cities.values()))
    return [each for turn in turns for each in turn if each is not None]


def intake_of_the_worker(order_again: Handle) -> Subscription:
    """The same as the API knows it: a dead letter among the orders is replayed by ordering again."""
    return Subscription(_GROUP, _TOPICS, order_again)
