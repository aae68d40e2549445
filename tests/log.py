"""What stands in Kafka: a topic read whole, as events or as raw records, for tests that hold a read model against the log."""

import asyncio
import contextlib

from aiokafka import AIOKafkaConsumer

from shared.events.envelope import BadEvent, Event, read_event
from shared.messaging.kafka import Record


def records(bootstrap: str, topic: str) -> list[Record]:
    """Every record of the topic that is there now, in the order of each partition."""
    return asyncio.run(_read(bootstrap, topic))


def events(bootstrap: str, topic: str) -> list[Event]:
    """The same as events; BadEvent when one is none."""
    return [read_event(each.headers, each.value) for each in records(bootstrap, topic)]


def readable(bootstrap: str, topic: str) -> list[Event]:
    """The same without what is no event: other tests of the same system leave damaged messages behind."""
    found: list[Event] = []
    for each in records(bootstrap, topic):
        with contextlib.suppress(BadEvent):
            found.append(read_event(each.headers, each.value))
    return found


def newest(bootstrap: str, topic: str) -> dict[str, Event]:
    """The fold of a state topic: the event with the highest version of every aggregate."""
    fold: dict[str, Event] = {}
    for event in events(bootstrap, topic):
        if event.subject not in fold or fold[event.subject].version < event.version:
            fold[event.subject] = event
    return fold


async def _read(bootstrap: str, topic: str) -> list[Record]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = sorted(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        found: list[Record] = []
        while any([await consumer.position(each) < ends[each] for each in partitions]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                found.extend(batch)
        return found
    finally:
        await consumer.stop()
