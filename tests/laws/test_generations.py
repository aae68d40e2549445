"""Which generation of a read model serves, on a real database: never one that was only guessed, whatever Kafka does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.aggregates.attempts import Attempt
from shared.messaging.consuming import Consumer, Subscription
from shared.mongo import Database
from shared.projections.read_models import ReadModel
from shared.values.problems import Refusal


class Reader:
    """A consumer of a group that has nothing left to read; the broker is away for as many starts as it is told."""

    away = 0

    def __init__(self, subscription: Subscription) -> None:
        self.group, self.stopped = subscription.group, False

    async def start(self) -> None:
        if Reader.away:
            Reader.away -= 1
            raise KafkaConnectionError

    async def stop(self) -> None:
        self.stopped = True

    async def lag(self) -> dict[TopicPartition, int]:
        return {TopicPartition("t", 0): 0}


def things(database: Database, readers: list[Reader]) -> ReadModel:
    def make(subscription: Subscription) -> Consumer:
        readers.append(Reader(subscription))
        return readers[-1]  # type: ignore[return-value]

    model = ReadModel("things", ("huning.records",), lambda event: None)
    model.attach("search", database, make)
    return model


@contextlib.asynccontextmanager
async def following(model: ReadModel) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(model.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until_it_serves(model: ReadModel, name: str) -> None:
    async with asyncio.timeout(20):
        while model.collection.name != name:
            await asyncio.sleep(0.05)


async def test_a_process_that_has_just_started_answers_503_until_it_knows_what_serves(database: Database) -> None:
    await database["read_models"].insert_one({"_id": "things", "generation": 4, "building": None})
    model = things(database, [])
    with pytest.raises(Refusal, match="unavailable"):
        assert model.collection
    with pytest.raises(Refusal, match="unavailable"):
        await model.fold([])
    await model.locate()
    assert model.collection.name == "things.g4"


async def test_a_rebuild_waits_for_a_broker_that_is_away(database: Database) -> None:
    readers: list[Reader] = []
    model = things(database, readers)
    await model.locate()
    await model.start()
    Reader.away = 2
    await model.rebuild(Attempt("operator", "key", "digest"))
    async with following(model) as task:
        await until_it_serves(model, "things.g2")
        assert not task.done()
    assert [each.group for each in readers] == ["search.things.g1", *["search.things.g2"] * 3]
    assert [each.stopped for each in readers[1:3]] == [True, True]
