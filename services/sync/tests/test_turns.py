"""Opened parts have a bound in number, and a city that floods waits behind itself."""

import asyncio

from services.sync.intake.turns import OPENED_AT_ONCE, OPENED_OF_A_CITY, Turns
from shared.values.jurisdictions import Jurisdiction


async def test_a_city_that_floods_does_not_keep_another_waiting() -> None:
    turns, done = Turns(), asyncio.Event()
    holding: list[Jurisdiction] = []

    async def hold(city: Jurisdiction) -> None:
        async with turns.turn_of(city):
            holding.append(city)
            await done.wait()

    cities = [Jurisdiction.SUZHOU] * 60 + [Jurisdiction.NANTONG, Jurisdiction.WUXI, Jurisdiction.PUTUO]
    tasks = [asyncio.create_task(hold(city)) for city in cities]
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(holding) == OPENED_AT_ONCE
    assert holding.count(Jurisdiction.SUZHOU) == OPENED_OF_A_CITY
    assert Jurisdiction.NANTONG in holding
    done.set()
    await asyncio.gather(*tasks)
    assert len(holding) == len(cities)
