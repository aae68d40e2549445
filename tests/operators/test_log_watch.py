"""What sees that the log is another one or has holes, on a real broker and a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.sync.records.current import Records
from services.sync.records.record import StoredRecord
from services.sync.records.versions import Versions
from shared.aggregates.runs import Run, Why
from shared.messaging.kafka import Bus
from shared.messaging.publications import TOPIC as PUBLICATIONS
from shared.messaging.publications import Publications
from shared.mongo import Database
from shared.operations.log_comparison import RESULTS, Comparison, Difference, Kind
from shared.operations.log_watch import LogWatch
from shared.settings import Settings
from tests import log
from tests.security.messages import record

TOPIC = "huning.records"


@dataclass
class Rereading:
    """A reader that was told to begin again."""

    topics: list[str] = field(default_factory=list)

    def read_again(self, topic: str) -> None:
        self.topics.append(topic)


@dataclass
class Owner:
    """sync, as far as its records and their log are concerned."""

    settings: Settings
    bus: Bus
    watch: LogWatch
    reader: Rereading

    async def run(self) -> Run:
        found = await self.watch.runs.of(TOPIC)
        assert found is not None
        return found

    async def remake(self) -> None:
        """The topic is deleted and made anew, empty."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka)
        await admin.start()
        try:
            await admin.delete_topics([self.settings.topic(TOPIC)])
            async with asyncio.timeout(20):
                while TOPIC in await self.bus.log_ids(TOPIC):
                    await asyncio.sleep(0.1)
            await admin.create_topics([NewTopic(self.settings.topic(TOPIC), 2, 1)])
            async with asyncio.timeout(20):
                while TOPIC not in await self.bus.log_ids(TOPIC):
                    await asyncio.sleep(0.1)
        finally:
            await admin.close()

    async def logged(self) -> list[str]:
        events = await asyncio.to_thread(log.events, self.settings.kafka, self.settings.topic(TOPIC))
        return sorted(each.id for each in events)

    async def compared(self, *kinds: Kind) -> None:
        """A comparison has found these."""
        found = tuple(Difference(str(number), kind, 1, 2) for number, kind in enumerate(kinds))
        result = Comparison(TOPIC, len(kinds), 0, found).document()
        await self.watch.database[RESULTS].replace_one({"_id": TOPIC}, result, upsert=True)


@pytest.fixture
async def owner(test_settings: Settings, database: Database) -> AsyncIterator[Owner]:
    """With three records in its database and none in the log."""
    admin = AIOKafkaAdminClient(bootstrap_servers=test_settings.kafka)
    await admin.start()
    known = set(await admin.list_topics())
    names = [test_settings.topic(each) for each in (TOPIC, PUBLICATIONS)]
    await admin.create_topics([NewTopic(each, 2, 1) for each in names if each not in known])
    await admin.close()
    bus, reader = Bus(test_settings, "watch"), Rereading()
    records = Records(database["records"], Versions(database["record_versions"]))
    stored = [StoredRecord(1, "added", "d", None, record(f"{n}").data) for n in range(3)]  # type: ignore[arg-type]
    await records.write(stored, {})
    made = LogWatch(bus, database, "sync-1", lambda: [reader], {TOPIC: records})
    await made.begin()
    yield Owner(test_settings, bus, made, reader)
    await bus.stop()


async def test_a_log_that_the_owner_has_not_published_to_gets_everything_once(owner: Owner) -> None:
    assert not await Publications(owner.bus).are_complete([TOPIC])
    await owner.watch.look()
    assert (await owner.run()).reason == Why.LOG_CHANGED
    assert owner.watch.findings() == {TOPIC: "publishing again, 0%"}
    await owner.watch.work()
    logged = await owner.logged()
    await owner.watch.look()
    await owner.watch.work()
    assert await owner.logged() == logged
    assert len(set(logged)) == 3
    assert owner.watch.findings() == {TOPIC: "ok"}
    assert await Publications(owner.bus).are_complete([TOPIC])
    assert owner.reader.topics == []


async def test_a_topic_made_anew_is_published_to_again_and_read_from_its_beginning(owner: Owner) -> None:
    await owner.watch.look()
    await owner.watch.work()
    await owner.remake()
    assert not await Publications(owner.bus).are_complete([TOPIC])
    await owner.watch.look()
    await owner.watch.work()
    assert len(set(await owner.logged())) == 3
    assert owner.reader.topics == [TOPIC]
    await owner.watch.look()
    assert owner.reader.topics == [TOPIC]


async def test_a_hole_that_a_comparison_found_is_filled_once(owner: Owner) -> None:
    await owner.watch.look()
    await owner.watch.work()
    before = await owner.run()
    await owner.compared(Kind.NOT_IN_LOG, Kind.LOG_IS_OLDER, Kind.OWNER_IS_OLDER)
    await owner.watch.look()
    asked = await owner.run()
    assert asked.reason == Why.HOLE
    await owner.watch.look()
    assert await owner.run() == asked
    await owner.watch.work()
    await owner.watch.look()
    run = await owner.run()
    assert (run.number > before.number, run.is_due) == (True, False)
    assert owner.watch.findings() == {TOPIC: "the log is ahead of its owner: 1"}


async def test_a_log_that_is_ahead_of_its_owner_is_reported_and_not_overwritten(owner: Owner) -> None:
    await owner.watch.look()
    await owner.watch.work()
    before = await owner.run()
    await owner.compared(Kind.OWNER_IS_OLDER, Kind.NOT_WITH_OWNER)
    await owner.watch.look()
    assert await owner.run() == before
    assert owner.watch.findings() == {TOPIC: "the log is ahead of its owner: 2"}


async def test_a_restored_database_goes_on_above_the_numbers_that_it_had_given(owner: Owner) -> None:
    await owner.watch.look()
    given = (await owner.run()).number
    await owner.watch.runs.collection.delete_many({})
    await asyncio.sleep(1.1)  # numbers are seconds
    await owner.watch.look()
    assert (await owner.run()).number > given
