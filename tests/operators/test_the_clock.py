"""A process compares its clock with that of a real database, wherever either of them stands."""

import time
from collections.abc import AsyncIterator

import pytest

from shared import mongo
from shared.settings import Settings


@pytest.fixture
async def client(test_settings: Settings) -> AsyncIterator[mongo.Client]:
    made = mongo.connect(test_settings)
    yield made
    await mongo.close(made)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
async def test_clocks_in_step_are_so_in_every_time_zone(
    client: mongo.Client, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        assert abs(await mongo.clock_ahead(client)) < 5
    time.tzset()


async def test_a_clock_that_is_ten_minutes_slow_is_found_out(
    client: mongo.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.admin.command("ping")
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() - 600)
    assert await mongo.clock_ahead(client) == pytest.approx(-600, abs=5)
