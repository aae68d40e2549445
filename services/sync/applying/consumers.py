"""Kafka: orders to go on with a batch."""

from collections.abc import Sequence

from services.sync.applying.worker import Worker
from shared.events.envelope import Event
from shared.events.sync import AdvanceBatch
from shared.messaging.consuming import Handle, Subscription
from shared.telemetry import span

_ORDERS_AT_ONCE = 8
"""At most as many slices of work between two commits of offsets: about one per jurisdiction."""


_GROUP, _TOPICS = "sync.worker", ("huning.intake",)


def intake(worker: Worker) -> Subscription:
    """The worker's. One order per batch is enough, however often it stands in the same batch of messages."""

    async def handle(events: Sequence[Event]) -> None:
        orders = {event.data.batch_id: event for event in events if isinstance(event.data, AdvanceBatch)}
        for batch_id, order in orders.items():
            with span("advance batch", order.traceparent, event_id=order.id):
                await worker.advance(batch_id)

    return Subscription(_GROUP, _TOPICS, handle, batch=_ORDERS_AT_ONCE)


def intake_of_the_worker(order_again: Handle) -> Subscription:
    """The same as the API knows it: a dead letter among the orders is replayed by ordering again."""
    return Subscription(_GROUP, _TOPICS, order_again)
