"""Which generation of a read model serves, on a real database: never one that was only guessed, whatever Kafka does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.aggregates.attempts import Attempt
from shared.messaging.consuming import Consumer, Subscription
from shared.mongo import Database
from shared.projections.read_models import ReadModel
from shared.projections.takeover import is_far_smaller
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


class Log:
    """Whether its owners have published everything to it."""

    def __init__(self, *, whole: bool = True) -> None:
        self.whole = whole

    async def is_whole(self, _: Sequence[str]) -> bool:
        return self.whole


def things(database: Database, readers: list[Reader], log: Log | None = None) -> ReadModel:
    def make(subscription: Subscription) -> Consumer:
        readers.append(Reader(subscription))
        return readers[-1]  # type: ignore[return-value]

    model = ReadModel("things", ("huning.records",), lambda event: None)
    model.attach("search", database, make, (log or Log()).is_whole)
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


async def until_it_waits(model: ReadModel, reason: str) -> None:
    async with asyncio.timeout(20):
        while (await model.describe()).waits != reason:
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def rebuilding(model: ReadModel) -> AsyncIterator[None]:
    """A rebuild is under way and has caught up."""
    await model.locate()
    await model.start()
    await model.rebuild(Attempt("operator", "key", "digest"))
    async with following(model):
        yield


async def filled(model: ReadModel, generation: int, number: int) -> None:
    await model.generation(generation).insert_many([{"_id": str(each)} for each in range(number)])


async def test_a_far_smaller_generation_waits_for_a_persons_word(database: Database) -> None:
    model = things(database, [])
    await filled(model, 1, 100)
    await filled(model, 2, 89)
    async with rebuilding(model):
        await until_it_waits(model, "far_smaller")
        assert model.collection.name == "things.g1"
        await model.rebuild(Attempt("operator", "another", "digest"))
        await until_it_waits(model, "far_smaller")
        assert model.collection.name == "things.g1"
        await model.rebuild(Attempt("operator", "the word", "digest"), force=True)
        await until_it_serves(model, "things.g2")
        assert ((await model.describe()).waits, (await model.describe()).rebuilding) == (None, False)


async def test_one_that_grows_to_what_is_expected_takes_over_by_itself(database: Database) -> None:
    model = things(database, [])
    await filled(model, 1, 100)
    await filled(model, 2, 89)
    async with rebuilding(model):
        await until_it_waits(model, "far_smaller")
        await model.generation(2).insert_one({"_id": "one more"})
        await until_it_serves(model, "things.g2")


async def test_what_was_rebuilt_from_a_log_that_is_not_whole_waits_until_it_is(database: Database) -> None:
    log = Log(whole=False)
    model = things(database, [], log)
    async with rebuilding(model):
        await until_it_waits(model, "log_not_whole")
        assert model.collection.name == "things.g1"
        log.whole = True
        await until_it_serves(model, "things.g2")


async def test_a_word_for_one_generation_is_none_for_the_next(database: Database) -> None:
    model = things(database, [])
    await filled(model, 1, 100)
    await model.locate()
    await model.start()
    await model.rebuild(Attempt("operator", "the word", "digest"), force=True)
    async with following(model):
        await until_it_serves(model, "things.g2")
        await filled(model, 2, 50)
        await model.rebuild(Attempt("operator", "the next", "digest"))
        await until_it_waits(model, "far_smaller")


@pytest.mark.parametrize(
    ("built", "serving", "far"),
    [(0, 9, False), (0, 10, True), (89, 100, True), (90, 100, False), (899_999, 1_000_000, True), (5, 0, False)],
)
def test_far_smaller_is_less_than_nine_tenths_and_ten_fewer(built: int, serving: int, *, far: bool) -> None:
    assert is_far_smaller(built, serving) == far
