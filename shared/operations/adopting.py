"""A log that is ahead of its owners, after a database was restored: what `huning <service> adopt` does about it.

Each aggregate that differs is taken in by its owner (shared/aggregates/adopting.py); then everything is published again, so that
read models that were restored as well get what their groups had read before.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from shared import mongo
from shared.aggregates.adopting import Outcome
from shared.aggregates.runs import Why
from shared.events.envelope import BadEvent, Event, read_event
from shared.events.topics import TOPICS
from shared.messaging.kafka import Bus, stop_reader
from shared.operations.audit import Audit
from shared.operations.log_comparison import AHEAD, compare_topic
from shared.operations.log_watch import LogWatch
from shared.projections.read_models import Rebuildable

_READ_AT_ONCE = 5_000
_TAKEN_IN_AT_ONCE = 16


class Owner(Protocol):
    """A service as it is composed, started nowhere. `adopted` hears of the newest events that were taken in."""

    name: str
    bus: Bus
    client: mongo.Client
    database: mongo.Database
    audit: Audit
    log_watch: LogWatch
    adopted: list[Callable[[Sequence[Event]], Awaitable[None]]]
    read_models: Mapping[str, Rebuildable]


@dataclass(frozen=True)
class Adopted:
    """What became of the aggregates of a topic that the log knew better: how many by outcome, and which by id."""

    topic: str
    counts: Counter[Outcome]
    outcomes: dict[str, Outcome]


async def adopt_topic(owner: Owner, topic: str) -> Adopted:
    """Takes in what the log of this topic knows better, and asks for everything to be published again."""
    # No pause between looks: an owner that moves meanwhile is seen when it takes in the events.
    compared = await compare_topic(owner.bus, owner.database, TOPICS[topic], pause=0)
    ahead = {each.id for each in compared.differences if each.kind in AHEAD}
    told = await _told(owner.bus, topic, ahead) if ahead else {}
    limit = asyncio.Semaphore(_TAKEN_IN_AT_ONCE)

    async def taken_in(events: Sequence[Event]) -> Outcome:
        async with limit:
            outcome = await owner.log_watch.owned[topic].adopt(events)
            if outcome is Outcome.TAKEN:
                await owner.audit.record(events[-1])
            return outcome

    outcomes = dict(zip(told, await asyncio.gather(*map(taken_in, told.values())), strict=True))
    for hear in owner.adopted:
        await hear([events[-1] for events in told.values()])
    await _publish_again(owner, topic)
    if ahead:
        await compare_topic(owner.bus, owner.database, TOPICS[topic], pause=0)
    return Adopted(topic, Counter(outcomes.values()), outcomes)


async def _publish_again(owner: Owner, topic: str) -> None:
    watch, logs = owner.log_watch, await owner.bus.log_ids(topic)
    await watch.ask(topic, logs[topic], Why.ADOPTED, await watch.runs.of(topic))


async def _told(bus: Bus, topic: str, ids: Collection[str]) -> dict[str, list[Event]]:
    """The events of these aggregates that the log still has, in order of their versions, each once."""
    found: dict[str, dict[int, Event]] = {each: {} for each in ids}
    reader = bus.reader(topic)
    try:
        await reader.start()
        partitions = sorted(reader.assignment())
        ends = await reader.end_offsets(partitions)
        while any([await reader.position(each) < ends[each] for each in partitions]):
            for records in (await reader.getmany(timeout_ms=500, max_records=_READ_AT_ONCE)).values():
                for record in records:
                    if record.key and record.key.decode(errors="replace") in found:
                        with suppress(BadEvent):  # parked by the consumers
                            event = read_event(record.headers, record.value)
                            found[event.subject][event.version] = event
    finally:
        await stop_reader(reader)
    return {each: [events[version] for version in sorted(events)] for each, events in sorted(found.items()) if events}
