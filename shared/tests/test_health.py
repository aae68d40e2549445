"""When a process says that it can do its work: what is judged, and what is only shown."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pymongo.errors import AutoReconnect

from shared import mongo
from shared.messaging.status import ConsumerStatus
from shared.operations.health import Readiness, Report
from shared.operations.rotation import Rotation

WELL = ConsumerStatus(
    group="search.items",
    alive=True,
    stalled=False,
    flooded=False,
    busy_s=0.0,
    assigned=8,
    lag=0,
    last_poll_age_s=0.3,
)


@pytest.mark.parametrize(
    ("changed", "alone", "works"),
    [
        ({}, True, True),
        ({"alive": False}, True, False),
        ({"stalled": True}, True, False),
        ({"flooded": True}, True, False),
        ({"lag": 1_000_000}, True, True),
        ({"assigned": 0, "last_poll_age_s": None}, True, False),
        ({"assigned": 0, "last_poll_age_s": None}, False, True),
        ({"last_poll_age_s": None}, True, False),
        ({"last_poll_age_s": None}, False, False),
        ({"last_poll_age_s": 29.9}, True, True),
        ({"last_poll_age_s": 30.0}, True, False),
        ({"busy_s": 299.9}, True, True),
        ({"busy_s": 300.0}, True, False),
    ],
)
def test_a_consumer_works_while_it_moves_however_far_behind_it_is(
    changed: dict[str, Any], alone: bool, works: bool
) -> None:
    assert replace(WELL, **changed).works(alone=alone) is works


class Standing:
    """Stands for database, bus, revocations, relay and reader of a process that is well, but for what a test changes."""

    caught_up = True

    def __init__(self, *, outbox: str = "ok", waiting: int | None = 3) -> None:
        self.outbox, self.documents = outbox, waiting

    async def is_up(self) -> bool:
        return True

    def check(self) -> str:
        return self.outbox

    async def waiting(self) -> dict[str, int]:
        if self.documents is None:
            raise AutoReconnect
        return {"claims": self.documents}

    async def status(self) -> ConsumerStatus:
        return WELL


async def looked(
    standing: Standing,
    monkeypatch: pytest.MonkeyPatch,
    clock_ahead: float | None = 0.0,
    rotation: Rotation | None = None,
) -> Report:
    async def ahead(_: object) -> float:
        if clock_ahead is None:
            raise AutoReconnect
        return clock_ahead

    monkeypatch.setattr(mongo, "clock_ahead", ahead)
    every = cast(Any, standing)
    readiness = Readiness(
        every,
        every,
        every,
        every,
        every,
        lambda: [every],
        started=lambda: True,
        extra={},
        rotation=rotation or Rotation(lambda: True),
        alone=True,
    )
    return await readiness.look()


async def test_how_much_waits_in_outboxes_is_shown_and_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await looked(Standing(waiting=9_999), monkeypatch)
    assert (found.ready, found.waiting) == (True, {"claims": 9_999})


async def test_an_outbox_that_is_stuck_makes_the_process_unready(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await looked(Standing(outbox="stuck for 130 s"), monkeypatch)
    assert (found.ready, found.checks["outbox"]) == (False, "stuck for 130 s")


async def test_a_database_that_goes_away_while_it_is_counted_is_an_answer_and_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (await looked(Standing(waiting=None), monkeypatch)).waiting == {}


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0.0, "ok"),
        (30.0, "ok"),
        (-30.0, "ok"),
        (31.0, "31 s ahead of the database's"),
        (-600.0, "600 s behind the database's"),
    ],
)
async def test_a_process_whose_clock_is_off_is_not_ready_and_says_by_how_much(
    ahead: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await looked(Standing(), monkeypatch, ahead)
    assert (found.ready, found.checks["clock"]) == (said == "ok", said)


async def test_a_database_that_is_away_says_nothing_about_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await looked(Standing(), monkeypatch, None)
    assert (found.checks["mongodb"], found.checks["clock"], found.clock_ahead) == ("unreachable", "ok", None)


@pytest.mark.parametrize(
    ("asked", "there", "answered", "ahead"),
    [
        (100.0, 100.2, 100.4, 0.0),
        (100.0, 100.9, 110.0, 0.0),
        (100.0, 60.0, 100.4, 40.0),
        (100.0, 60.0, 150.0, 40.0),
        (100.0, 700.0, 110.0, -590.0),
    ],
)
async def test_the_way_to_the_database_and_back_accuses_no_clock(
    asked: float, there: float, answered: float, ahead: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def command(_: str, **__: Any) -> dict[str, Any]:
        return {"localTime": datetime.fromtimestamp(there, UTC)}

    moments = iter([asked, answered])
    monkeypatch.setattr(time, "time", lambda: next(moments))
    client = SimpleNamespace(admin=SimpleNamespace(command=command))
    assert await mongo.clock_ahead(cast(Any, client)) == pytest.approx(ahead)


async def test_a_process_that_stops_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    rotation = Rotation(lambda: True)
    await rotation.leave()
    found = await looked(Standing(), monkeypatch, rotation=rotation)
    assert (found.ready, found.checks["requests"]) == (False, "stopping")
