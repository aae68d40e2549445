"""Rhythms on the wire: the freshness of cities is judged by what each said, and the worker tells of a lapse."""

from datetime import timedelta

import pytest

from services.sync.applying.worker import Worker
from services.sync.records.lapses import Lapses
from services.sync.store import Store
from shared.access.checking import VISITOR, Caller
from shared.events.accounts import Role
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from tests.door import Door
from tests.services.sync.pushing import NANTONG, committed, row, send

OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))


async def pushed(store: Store, worker: Worker, at_the_door: Door) -> None:
    batch_id = await committed(at_the_door(NANTONG), [row("1")])
    while (await store.intake.batches.get(batch_id)).state.state != "applied":
        await worker.advance(batch_id, 1.0)


async def test_freshness_is_judged_by_what_the_city_said(store: Store, worker: Worker, at_the_door: Door) -> None:
    await pushed(store, worker, at_the_door)
    answer = await send(at_the_door(OPERATOR), "PUT", "rhythms/nantong", json={"days": {"platform": 7}})
    assert (answer.status_code, answer.json()["days"], answer.json()["usual_days"]) == (200, {"platform": 7}, 30)
    read = await at_the_door(OPERATOR).get("rhythms/nantong")
    assert (read.json()["version"], read.headers["etag"]) == (1, answer.headers["etag"])
    cities = (await at_the_door(VISITOR).get("jurisdictions")).json()["items"]
    (list_,) = next(each["kinds"] for each in cities if each["jurisdiction"] == "nantong")
    assert (list_["expected_days"], list_["stale"]) == (7, False)


@pytest.mark.parametrize(
    "days", [{"platform": 0}, {"platform": 367}, {"platform": "7"}, {"platform": 7.5}, {"plane": 7}, None]
)
async def test_a_rhythm_is_whole_days_of_a_known_kind(at_the_door: Door, days: object) -> None:
    answer = await send(at_the_door(OPERATOR), "PUT", "rhythms/nantong", json={"days": days})
    assert answer.status_code == 422


async def test_a_lapse_outlives_the_process_that_told_it(store: Store, worker: Worker, at_the_door: Door) -> None:
    await pushed(store, worker, at_the_door)
    told = store.lapses.told
    for _ in range(2):
        at = now() + timedelta(days=31)
        await Lapses(told, store.lists, store.rhythms, lambda at=at: at).look()  # type: ignore[misc]
    (kept,) = await told.where({})
    assert (kept.state.id, kept.state.stale, kept.version) == ("nantong/platform", True, 1)
