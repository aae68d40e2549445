"""Law 2 on a real database: what waits in an outbox is published in its order, and stays there until it is acknowledged."""

import pytest

from shared.aggregates.aggregates import Aggregates
from shared.aggregates.outbox import Relay, taken_out
from shared.events.envelope import Event
from shared.mongo import Database
from shared.values.ids import new_id
from tests.laws.tallies import Tally, begin, counted, told


@pytest.fixture
async def tallies(database: Database) -> Aggregates[Tally]:
    made = Aggregates(database[f"tallies-{new_id()}"], Tally, told)
    await made.prepare()
    return made


async def test_a_collection_that_cannot_be_served_does_not_hold_up_the_others(
    tallies: Aggregates[Tally], database: Database
) -> None:
    others = Aggregates(database["others"], Tally, told)
    stuck, fine = await begin(tallies), await begin(others)
    published: list[str] = []

    async def publish(event: Event) -> None:
        if event.subject == stuck:
            raise TimeoutError
        published.append(event.subject)

    with pytest.raises(TimeoutError):
        await Relay([tallies.collection, others.collection], publish).drain()
    assert published == [fine]


async def test_taking_out_what_was_published_keeps_what_was_written_meanwhile(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    seen = await tallies.collection.find_one({"_id": tally_id})
    assert seen is not None
    await tallies.change(tally_id, counted)
    await tallies.collection.update_one({"_id": tally_id}, taken_out(seen["outbox"]))
    left = await tallies.collection.find_one({"_id": tally_id})
    assert left is not None
    assert [each["version"] for each in left["outbox"]] == [2]
    assert left["waiting"] is True
    await tallies.collection.update_one({"_id": tally_id}, taken_out(left["outbox"]))
    empty = await tallies.collection.find_one({"_id": tally_id})
    assert empty is not None
    assert empty["outbox"] == []
    assert "waiting" not in empty


async def test_the_relay_publishes_in_order_and_keeps_an_event_until_it_is_acknowledged(
    tallies: Aggregates[Tally],
) -> None:
    tally_id = await begin(tallies)
    for _ in range(4):
        await tallies.change(tally_id, counted)
    published: list[int] = []

    async def publish(event: Event) -> None:
        if event.version == 3 and 3 not in refused:
            refused.append(3)
            raise TimeoutError
        published.append(event.version)

    refused: list[int] = []
    relay = Relay([tallies.collection], publish)
    with pytest.raises(TimeoutError):
        await relay.drain()
    assert published == [1, 2]
    await relay.drain()
    assert published == [1, 2, 1, 2, 3, 4, 5], "what was not taken out is published again, in order"
    assert await relay.drain() == 0


async def test_all_that_waits_is_counted_and_not_what_is_served_at_once(tallies: Aggregates[Tally]) -> None:
    async def publish(_: Event) -> None: ...

    relay = Relay([tallies.collection], publish)
    for _ in range(70):
        await begin(tallies)
    assert await relay.waiting() == {tallies.collection.name: 70}
    while await relay.drain():
        pass
    assert await relay.waiting() == {tallies.collection.name: 0}
