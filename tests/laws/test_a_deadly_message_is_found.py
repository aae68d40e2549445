"""Durable marks on a real database: what kills the process is parked after three attempts, wherever in the batch it stands."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import pytest
from aiokafka import ConsumerRecord

from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch
from shared.messaging.consuming import Consumer, Subscription
from shared.messaging.kafka import Bus, Record
from shared.messaging.marks import Marks
from shared.messaging.parking import Parking
from shared.mongo import Collection, Database
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction


class Died(BaseException):
    """Stands for the end of the process: nothing in between may catch it."""


class Parked:
    """Remembers what was parked."""

    def __init__(self) -> None:
        self.letters: list[tuple[int, str]] = []

    async def park(self, group: str, record: Record, reason: str, error: str) -> None:
        self.letters.append((record.offset, reason))

    def handled(self, group: str, records: Iterable[Record]) -> None:
        """Nothing is counted here."""


def record(offset: int) -> Record:
    order = AdvanceBatch(batch_id=str(offset), jurisdiction=Jurisdiction.WUXI)
    made = event("batch.advance", str(offset), 1, now(), order)
    size = len(made.value)
    headers = tuple(made.headers)
    return ConsumerRecord("huning.intake", 0, offset, 0, 0, made.key, made.value, None, len(made.key), size, headers)


async def live(marks: Collection, records: list[Record], deadly: set[str], parked: Parked) -> list[str]:
    """One process from its start: takes the batch until it dies or is through; what it handled."""
    handled: list[str] = []

    async def handle(events: Sequence[Event]) -> None:
        if deadly & {each.subject for each in events}:
            raise Died
        handled.extend(each.subject for each in events)

    subscription = Subscription("test.group", ("huning.intake",), handle)
    consumer = Consumer(cast(Bus, None), subscription, cast(Parking, parked), Marks(marks), "test-1")
    await consumer.take(records)
    return handled


@pytest.mark.parametrize("deadly", [{"0"}, {"3"}, {"6"}, {"2", "5"}, {"0", "1", "6"}])
async def test_the_culprits_are_parked_and_everything_else_is_handled(database: Database, deadly: set[str]) -> None:
    marks, parked = database[f"marks-{new_id()}"], Parked()
    records = [record(offset) for offset in range(7)]
    deaths, handled = 0, list[str]()
    while True:
        try:
            handled = await live(marks, records, deadly, parked)
            break
        except Died:
            deaths += 1
            assert deaths <= 20, "it dies for ever"
    assert set(parked.letters) == {(int(each), "killed_the_process") for each in deadly}
    assert set(handled) == {str(offset) for offset in range(7)} - deadly
    assert deaths == 1 + 3 * len(deadly)


async def test_a_process_that_was_killed_from_outside_parks_nothing(database: Database) -> None:
    """Killed twice in the same batch by somebody else, the third time it is left alone: every record is handled."""
    marks, parked = database[f"marks-{new_id()}"], Parked()
    records = [record(offset) for offset in range(4)]
    for killed_at in ({"1"}, {"2"}, {"0"}):
        with pytest.raises(Died):
            await live(marks, records, killed_at, parked)
    assert await live(marks, records, set(), parked) == ["0", "1", "2", "3"]
    assert parked.letters == []


async def test_nothing_is_marked_once_the_first_batch_has_ended(database: Database) -> None:
    collection = database[f"marks-{new_id()}"]
    found: Any = await live(collection, [record(0)], set(), Parked())
    assert found == ["0"]
    assert await collection.count_documents({}) == 0
