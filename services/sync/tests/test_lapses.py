"""A list that lapses is told once for each lapse, whoever looks, however often, and whatever their clocks say."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from services.sync.records import lapses
from services.sync.records.freshness import Lists
from services.sync.records.lapses import Lapse, Lapses
from services.sync.records.rhythms import Rhythm
from services.sync.tests.builders import AT
from shared.events.envelope import Event
from shared.events.sync import ListState
from shared.tests.memory import MemoryAggregates
from shared.values.jurisdictions import Jurisdiction

DAY = timedelta(days=1)


@dataclass
class City:
    """Nantong with one list, and what the log says of it."""

    last: datetime | None = AT
    days: dict[str, int] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.told = MemoryAggregates(Lapse, lapses.published, relay=self.log.append)

    async def all(self) -> list[dict[str, Any]]:
        """As the kept lists answer."""
        return [{"_id": "nantong/platform", "jurisdiction": "nantong", "kind": "platform", "last_batch_at": self.last}]

    def look(self, at: datetime) -> list[str]:
        """Everything that was told up to this look, by a process that has just begun."""
        rhythms = MemoryAggregates(Rhythm)
        rhythms.put(Rhythm(id=Jurisdiction.NANTONG, days=self.days))
        asyncio.run(Lapses(self.told, cast(Lists, self), rhythms, lambda: at).look())
        return [each.type.short for each in self.log]


def test_a_list_is_told_stale_once_however_often_somebody_looks() -> None:
    city = City()
    assert city.look(AT + 30 * DAY) == []
    assert city.look(AT + 31 * DAY) == ["list.stale"]
    assert city.look(AT + 32 * DAY) == ["list.stale"]
    told = city.log[0].data
    assert isinstance(told, ListState)
    assert (told.id, told.last_batch_at, told.expected_days) == ("nantong/platform", AT, 30)


def test_after_a_good_batch_the_next_lapse_is_told_again() -> None:
    city = City()
    city.look(AT + 31 * DAY)
    city.last = AT + 32 * DAY
    assert city.look(AT + 33 * DAY) == ["list.stale", "list.fresh"]
    assert city.look(AT + 70 * DAY) == ["list.stale", "list.fresh", "list.stale"]


def test_two_lapses_between_two_looks_are_two() -> None:
    city = City()
    city.look(AT + 31 * DAY)
    city.last = AT + 32 * DAY
    assert city.look(AT + 70 * DAY) == ["list.stale", "list.stale"]


def test_a_clock_that_is_behind_takes_nothing_back() -> None:
    city = City()
    city.look(AT + 30 * DAY + timedelta(minutes=5))
    assert city.look(AT + 30 * DAY - timedelta(minutes=5)) == ["list.stale"]
    assert city.look(AT + 31 * DAY) == ["list.stale"]


def test_a_longer_rhythm_makes_a_list_fresh_and_a_shorter_one_stale() -> None:
    city = City()
    city.look(AT + 31 * DAY)
    city.days = {"platform": 90}
    assert city.look(AT + 31 * DAY) == ["list.stale", "list.fresh"]
    city.days = {"platform": 7}
    assert city.look(AT + 31 * DAY) == ["list.stale", "list.fresh", "list.stale"]


def test_a_list_that_never_had_a_good_batch_is_told_to_nobody() -> None:
    assert City(last=None).look(AT + 400 * DAY) == []


@pytest.mark.parametrize("looks", [2, 5])
def test_looks_at_the_same_time_tell_once(looks: int) -> None:
    city = City()
    rhythms = MemoryAggregates(Rhythm)

    async def together() -> None:
        each = Lapses(city.told, cast(Lists, city), rhythms, lambda: AT + 31 * DAY)
        await asyncio.gather(*(each.look() for _ in range(looks)))

    asyncio.run(together())
    assert [each.type.short for each in city.log] == ["list.stale"]
