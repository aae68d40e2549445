"""200,000 record events into a read model: our batch path, a naive FastStream handler, and raw getmany + bulk_write.

All three on the same servers in one run; the database without sync-on-commit on all sides. The naive handler is timed on
fewer events and its rate is what is compared, since it would take minutes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import orjson
from aiokafka import AIOKafkaConsumer
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from pymongo import ReplaceOne

from shared import mongo
from shared.events.sync import RecordState
from shared.mongo import Collection
from shared.projections.read_models import ReadModel, Register
from shared.runtime.service import Service
from shared.settings import Settings
from tests.benchmarks.rows import record_events

EVENTS, NAIVE_EVENTS = 200_000, 6_000
_TOPIC = "huning.records"


async def compare(settings: Settings, events: int = EVENTS, naive: int = NAIVE_EVENTS) -> dict[str, float]:
    """Events per second: `ours`, `raw`, `naive`."""
    service = Service("benchmark", settings)
    await service.bus.start()
    await service.bus.publish_many(list(record_events(events)))
    topic = settings.topic(_TOPIC)
    rates = {
        "raw": await _timed(events, lambda: _raw(settings, topic, service.database["raw"], events)),
        "ours": await _timed(events, lambda: _ours(service, events)),
        "naive": await _timed(naive, lambda: _naive(settings, topic, service.database["naive"], naive)),
    }
    await service.client.drop_database(service.database.name)
    await service.bus.stop()
    await mongo.close(service.client)
    return rates


async def _timed(events: int, work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return events / (time.perf_counter() - began)


async def _ours(service: Service, events: int) -> None:
    def project(each: object) -> Register:
        event = each
        return Register(event.subject, event.data.model_dump(mode="json"))  # type: ignore[attr-defined]

    model = ReadModel("items", (_TOPIC,), project)
    service.read_model(model)
    await model.start()
    while await model.collection.estimated_document_count() < events:
        await asyncio.sleep(0.05)
    await model.stop()


async def _raw(settings: Settings, topic: str, collection: Collection, events: int) -> None:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=settings.kafka,
        group_id=f"{settings.prefix}raw",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    done = 0
    while done < events:
        for batch in (await consumer.getmany(timeout_ms=200, max_records=500)).values():
            writes = [
                ReplaceOne({"_id": (each.key or b"").decode()}, orjson.loads(each.value or b""), upsert=True)
                for each in batch
            ]
            await collection.bulk_write(writes, ordered=False)
            done += len(batch)
        await consumer.commit()
    await consumer.stop()


async def _naive(settings: Settings, topic: str, collection: Collection, events: int) -> None:
    broker = KafkaBroker(settings.kafka, logger=None)
    done = asyncio.Event()
    count = 0

    @broker.subscriber(
        topic,
        group_id=f"{settings.prefix}naive",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        no_reply=True,
    )
    async def handle(state: RecordState) -> None:
        nonlocal count
        document = state.model_dump(mode="json")
        await collection.replace_one(
            {"_id": f"{state.jurisdiction}/{state.kind}/{state.source_id}"}, document, upsert=True
        )
        count += 1
        if count >= events:
            done.set()

    await broker.start()
    await done.wait()
    await broker.stop()
