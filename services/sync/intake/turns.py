"""How many of something costly are under way at a time, so that memory has a bound and no city keeps the others waiting."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.values.jurisdictions import Jurisdiction

OPENED_AT_ONCE = 4
"""Of the whole process. An opened part holds up to 8 MiB, its rows once more while their ids are read, and the ids."""
OPENED_OF_A_CITY = 2


class Turns:
    """First come, first served, but a city has only some of the places: of parts that are opened, two of four."""

    def __init__(self, at_once: int = OPENED_AT_ONCE, of_a_city: int = OPENED_OF_A_CITY) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._of_a_city: defaultdict[Jurisdiction, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(of_a_city)
        )

    @asynccontextmanager
    async def turn_of(self, jurisdiction: Jurisdiction) -> AsyncIterator[None]:
        """Waits for the city's turn, and holds it."""
        async with self._of_a_city[jurisdiction], self._all:
            yield
