"""What is over is removed, on a real database and a real broker, and nothing else is."""

import asyncio
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local import keys
from shared.cli.topic_settings import set_so_far
from shared.cli.topics import Applying, _connected
from shared.events.topics import TOPICS
from shared.mongo import Database
from shared.operations.pruning import Pruning
from shared.runtime.service import Service
from shared.settings import Settings
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.retention import By, Settled, by_task
from tests.stack import Servers

DAY = timedelta(days=1)


async def test_what_is_settled_and_over_goes_and_everything_else_stays(database: Database) -> None:
    at = now()
    rows = {"letters": by_task("死信", "试", "处理时", 90, Settled("settled_at", {"status": "done"}), least=30)}
    done = {"status": "done", "settled_at": at - 91 * DAY}
    await database["letters"].insert_many(
        [
            *({"_id": f"over-{n}", **done} for n in range(1_100)),
            {"_id": "waits for Kafka", **done, "waiting": True},
            {"_id": "open", "status": "open", "settled_at": at - 91 * DAY},
            {"_id": "settled lately", "status": "done", "settled_at": at - 89 * DAY},
            {"_id": "no instant", "status": "done", "settled_at": None},
            {"_id": "no field", "status": "done"},
        ]
    )
    pruning = Pruning(database, rows, lambda: at)
    await pruning.prepare()
    await asyncio.gather(pruning.prune(), pruning.prune())
    left = {each["_id"] async for each in database["letters"].find({})}
    assert left == {"waits for Kafka", "open", "settled lately", "no instant", "no field"}


async def test_what_is_counted_by_its_ids_is_emptied_and_stays(database: Database) -> None:
    at = now()
    rows = {"inbox": by_task("站内信", "试", "月末", 365, Settled("month", leaves_id=True), least=30)}
    ages = {"over": 366, "kept": 364}
    await database["inbox"].insert_many(
        [{"_id": name, "sealed": b"x", "month": at - days * DAY} for name, days in ages.items()]
    )
    pruning = Pruning(database, rows, lambda: at)
    await pruning.prepare()
    for _ in range(2):
        await pruning.prune()
    left = {each["_id"]: set(each) async for each in database["inbox"].find({})}
    assert left == {"over": {"_id", "gone"}, "kept": {"_id", "sealed", "month"}}


async def test_every_index_that_a_row_speaks_of_is_there_with_its_time(test_settings: Settings, tmp_path: Path) -> None:
    keys.make(tmp_path)
    settings = test_settings.model_copy(update={"keys": tmp_path, "home": tmp_path})
    for entry in entry_points(group="huning.services"):
        service: Service = entry.load()(settings)
        for job in service._preparations:
            await job()
        try:
            await _look_at_the_indexes(service)
        finally:
            await service.client.drop_database(service.database.name)
            service.client.close()


async def _look_at_the_indexes(service: Service) -> None:
    made = set(await service.database.list_collection_names())
    assert made <= {*service.retention}, "a collection without a row"
    for name, row in service.retention.items():
        indexes = [each async for each in service.database[name].list_indexes()] if name in made else []
        by_field = {tuple(each["key"]): each.get("expireAfterSeconds") for each in indexes}
        if row.by is By.INDEX:
            assert by_field.get((row.expires,)) == row.index_seconds, f"{service.name}.{name}"
        else:
            assert {each for each in by_field.values() if each is not None} == set(), f"{service.name}.{name}"
        for settled in row.settled:
            assert (*settled.where, settled.since) in by_field, f"{service.name}.{name}"


async def test_a_topic_that_is_there_gets_the_settings_of_now_and_keeps_what_others_set(servers: Servers) -> None:
    prefix, batches = f"r{new_id()[-8:]}.", "huning.batches"
    settings = Settings(kafka=servers.kafka, prefix=prefix)
    created, changed = await Applying(settings, 1).within(120)
    assert (created, changed) == (len(TOPICS), 0)
    assert await Applying(settings, 1).within(120) == (0, 0)
    admin = await _connected(settings)
    try:
        (before,) = (await set_so_far(admin, [prefix + batches])).values()
        assert (before["cleanup.policy"], before["retention.ms"]) == ("compact,delete", str(365 * 86_400_000))
        others = {**before, "max.message.bytes": "2000000"}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, prefix + batches, others)])
        await _until_set(admin, prefix + batches, others)
        sooner = settings.model_copy(update={"keep_days": f"{batches}=40"})
        assert await Applying(sooner, 1).within(120) == (0, 1)
        await _until_set(admin, prefix + batches, {**others, "retention.ms": str(40 * 86_400_000)})
        await admin.delete_topics([name for name in await admin.list_topics() if name.startswith(prefix)])
    finally:
        await admin.close()


async def _until_set(admin: AIOKafkaAdminClient, topic: str, config: dict[str, str]) -> None:
    """What the controller has taken reaches the broker a moment later."""
    async with asyncio.timeout(60):
        while await set_so_far(admin, [topic]) != {topic: config}:
            await asyncio.sleep(0.1)
