"""Aggregates of both kinds: those of the product, and those in memory that unit tests of every service stand on.

Whatever asks for `tallies` runs twice, so that shared/tests/memory.py promises what the database does, and nothing more.
"""

from collections.abc import Callable
from typing import Any

import pytest

from shared.aggregates.aggregates import Aggregates
from shared.events.payload import Payload
from shared.mongo import Database
from shared.tests.memory import MemoryAggregates
from shared.values.ids import new_id
from tests.laws.tallies import Make, Tally, told


@pytest.fixture(params=["database", "memory"])
def make(request: pytest.FixtureRequest, database: Database) -> Make:
    """A function that makes aggregates of one kind."""

    def made(publishes: Callable[[Tally], Payload] = told, **options: Any) -> Aggregates[Tally]:
        if request.param == "memory":
            return MemoryAggregates(Tally, publishes, **options)
        return Aggregates(database[f"tallies-{new_id()}"], Tally, publishes, **options)

    return made


@pytest.fixture
async def tallies(make: Make) -> Aggregates[Tally]:
    """Empty aggregates of one kind. Those in memory are ready as they are made, since unit tests prepare nothing."""
    made = make()
    if not isinstance(made, MemoryAggregates):
        await made.prepare()
    return made
