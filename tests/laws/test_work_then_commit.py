"""Law 6 on a real broker: the offset moves only once the work is done, and stays where infrastructure is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from pymongo.errors import AutoReconnect, CursorNotFound

from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch
from shared.messaging.consuming import Consumer, Subscription
from shared.messaging.kafka import Bus
from shared.messaging.limits import ParkingLimit
from shared.messaging.marks import Marks
from shared.messaging.parking import Parking
from shared.mongo import Database
from shared.settings import Settings
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.stack import Servers

Handle = Callable[[Sequence[Event]], Awaitable[None]]


def order() -> Event:
    """An order to a partition that nobody else writes to."""
    batch_id = new_id()
    data = AdvanceBatch(batch_id=batch_id, jurisdiction=Jurisdiction.TAIZHOU)
    return event("batch.advance", batch_id, 1, now(), data, jurisdiction="taizhou")


@pytest.fixture
async def bus(servers: Servers) -> AsyncIterator[Bus]:
    made = Bus(Settings(kafka=servers.kafka, prefix=servers.prefix), "law-6")
    await made.start()
    yield made
    await made.stop()


async def committed(bus: Bus, group: str) -> int:
    """How far the group is, over all partitions of the topic."""
    topic = bus.settings.topic("huning.intake")
    reader = AIOKafkaConsumer(bootstrap_servers=bus.settings.kafka, group_id=bus.settings.group(group))
    await reader.start()
    try:
        partitions = [TopicPartition(topic, each) for each in reader.partitions_for_topic(topic) or range(8)]
        return sum([await reader.committed(each) or 0 for each in partitions])
    finally:
        await reader.stop()


def consumer(bus: Bus, database: Database, group: str, handle: Handle, limit: ParkingLimit | None = None) -> Consumer:
    """The members of a group are static: one that comes back under its name takes its place at once."""
    subscription = Subscription(group, ("huning.intake",), handle)
    return Consumer(
        bus,
        subscription,
        Parking(bus, "sync", limit or ParkingLimit(50, 150)),
        Marks(database[f"marks-{new_id()}"]),
        "law",
    )


async def test_nothing_is_committed_while_the_work_goes_on(bus: Bus, database: Database) -> None:
    group, begun, done = f"law.{new_id()}", asyncio.Event(), asyncio.Event()
    mine = order()

    async def handle(events: Sequence[Event]) -> None:
        if mine.subject in {each.subject for each in events}:
            begun.set()
            await done.wait()

    working = consumer(bus, database, group, handle)
    await bus.publish(mine)
    await working.start()
    await asyncio.wait_for(begun.wait(), 60)
    before = await committed(bus, group)
    done.set()
    async with asyncio.timeout(30):
        while await committed(bus, group) <= before:
            await asyncio.sleep(0.1)
    await working.stop()


async def test_what_a_process_had_begun_when_it_was_stopped_comes_again(bus: Bus, database: Database) -> None:
    """The database is away while it is stopped: the batch goes back, and the next process gets it."""
    group, begun, heard = f"law.{new_id()}", asyncio.Event(), asyncio.Event()
    mine = order()

    async def cannot(events: Sequence[Event]) -> None:
        if mine.subject in {each.subject for each in events}:
            begun.set()
            raise AutoReconnect("away")

    async def can(events: Sequence[Event]) -> None:
        if mine.subject in {each.subject for each in events}:
            heard.set()

    first = consumer(bus, database, group, cannot)
    await bus.publish(mine)
    await first.start()
    await asyncio.wait_for(begun.wait(), 60)
    await first.stop()
    second = consumer(bus, database, group, can)
    await second.start()
    await asyncio.wait_for(heard.wait(), 60)
    await second.stop()


async def test_a_message_whose_cursor_was_lost_is_done_again_and_not_parked(bus: Bus, database: Database) -> None:
    """Servers end cursors: they are restarted, fail over, or the cursor was idle for too long."""
    group, lost, done = f"law.{new_id()}", list[Exception](), asyncio.Event()
    mine, numbers = order(), database["numbers"]
    await numbers.insert_many([{"_id": number} for number in range(10)])

    async def handle(events: Sequence[Event]) -> None:
        if mine.subject not in {each.subject for each in events}:
            return
        cursor = numbers.find({}, batch_size=2)
        await cursor.next()
        if len(lost) < 3:
            await database.command("killCursors", numbers.name, cursors=[cursor.cursor_id])
        try:
            await cursor.to_list(None)
        except CursorNotFound as error:
            lost.append(error)
            raise
        done.set()

    working = consumer(bus, database, group, handle, ParkingLimit(in_a_row=0, a_minute=0))
    await bus.publish(mine)
    await working.start()
    await asyncio.wait_for(done.wait(), 60)
    assert len(lost) == 3
    assert not (await working.status()).flooded
    await working.stop()


async def test_a_flood_of_what_cannot_be_handled_stops_the_consumer_instead_of_parking_the_topic(
    bus: Bus, database: Database
) -> None:
    """Five orders that a bug of ours cannot handle, two of which may be parked; mended, the rest is handled."""
    group, heard = f"law.{new_id()}", set[str]()
    mine = [order() for _ in range(5)]

    async def cannot(events: Sequence[Event]) -> None:
        if {each.subject for each in events} & {each.subject for each in mine}:
            raise KeyError("a bug of ours")

    async def can(events: Sequence[Event]) -> None:
        heard.update(each.subject for each in events)

    buggy = consumer(bus, database, group, cannot, ParkingLimit(in_a_row=2, a_minute=100))
    await bus.publish_many(mine)
    await buggy.start()
    async with asyncio.timeout(60):
        while not (await buggy.status()).flooded:
            await asyncio.sleep(0.05)
    assert not (await buggy.status()).works(alone=True)
    await buggy.stop()
    mended = consumer(bus, database, group, can)
    await mended.start()
    async with asyncio.timeout(60):
        while mine[-1].subject not in heard:
            await asyncio.sleep(0.05)
    assert {each.subject for each in mine[2:]} <= heard
    await mended.stop()
