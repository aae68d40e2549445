"""How many parts are opened at a time, so that memory has a bound and no city keeps the others waiting."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.values.jurisdictions import Jurisdiction

OPENED_AT_ONCE = 4
"""Of the whole process. An opened part holds up to 8 MiB, its rows once more while their ids are read, and the ids."""
OPENED_OF_A_CITY = 2


class Turns:
    """First come, first served, but a city has at most two of the four places."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(OPENED_AT_ONCE)
        self._of_a_city: defaultdict[Jurisdiction, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(OPENED_OF_A_CITY)
        )

    @asynccontextmanager
    async def turn_of(self, jurisdiction: Jurisdiction) -> AsyncIterator[None]:
        """Waits for the city's turn, and holds it."""
        async with self._of_a_city[jurisdiction], self._all:
            yield
