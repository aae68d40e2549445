"""How far a group is behind, asked over connections of its own, whichever process works on it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch
from shared.messaging.kafka import Bus, KafkaFault
from shared.settings import Settings
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.stack import Servers

PARTITION = list(Jurisdiction).index(Jurisdiction.ZHENJIANG)


def order() -> Event:
    batch_id = new_id()
    data = AdvanceBatch(batch_id=batch_id, jurisdiction="zhenjiang")
    return event("batch.advance", batch_id, 1, now(), data, jurisdiction="zhenjiang")


@pytest.fixture
async def bus(servers: Servers) -> AsyncIterator[Bus]:
    made = Bus(Settings(kafka=servers.kafka, prefix=servers.prefix), "lag")
    await made.start()
    yield made
    await made.stop()


async def _once_there_is_a_coordinator(bus: Bus, group: str) -> dict[TopicPartition, int]:
    """The lag, once the broker has made the topic of offsets, which it does when it is first asked for a group."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await bus.lag_of_group(group, ["huning.intake"])
            except KafkaFault:
                await asyncio.sleep(0.2)


async def test_what_a_group_has_not_committed_is_its_lag_by_partition(bus: Bus) -> None:
    group = f"lag.{new_id()}"
    place = TopicPartition(bus.settings.topic("huning.intake"), PARTITION)
    before = await _once_there_is_a_coordinator(bus, group)
    await bus.publish_many([order() for _ in range(3)])
    behind = await bus.lag_of_group(group, ["huning.intake"])
    assert len(behind) == len(Jurisdiction)
    assert behind[place] == before[place] + 3

    reader = AIOKafkaConsumer(bootstrap_servers=bus.settings.kafka, group_id=bus.settings.group(group))
    await reader.start()
    try:
        ends = await reader.end_offsets([place])
        reader.assign([place])
        await reader.commit({place: ends[place] - 1})
    finally:
        await reader.stop()
    assert (await bus.lag_of_group(group, ["huning.intake"]))[place] == 1
