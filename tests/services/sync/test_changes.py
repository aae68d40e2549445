"""The change feed through the routes, the worker and a real database."""

from dataclasses import replace
from typing import Any

import pytest

from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from services.sync.records.record import published
from services.sync.store import Store
from services.sync.tests.builders import batch, stored
from shared.access.checking import VISITOR, Caller
from shared.events.accounts import Role
from tests.door import Door
from tests.services.sync.pushing import NANTONG, SUZHOU, committed, row
from tests.services.sync.test_agents import NEIGHBOUR

MEMBER = Caller("member", frozenset({(Role.MEMBER, None)}))


async def pushed(at_the_door: Door, worker: Worker, *rows: dict[str, Any], **changed: Any) -> None:
    by = at_the_door(NANTONG if changed.get("jurisdiction", "nantong") == "nantong" else SUZHOU)
    await worker.advance(await committed(by, rows, **changed), ROUND_SECONDS)


async def changes(at_the_door: Door, cursor: str | None = None, **params: Any) -> tuple[list[Any], str]:
    """All that there is from the cursor on, page by page, and where it ends."""
    found: list[Any] = []
    while True:
        asked = {**params, **({"cursor": cursor} if cursor else {})}
        answer = await at_the_door(SUZHOU).get("changes", params=asked)
        assert answer.status_code == 200, answer.text
        cursor = str(answer.json()["next_cursor"])
        if not answer.json()["items"]:
            return found, cursor
        found += answer.json()["items"]


async def test_a_change_is_told_as_it_is_written_and_a_deletion_too(at_the_door: Door, worker: Worker) -> None:
    placed = row("A", summary="一", longitude=120.894, latitude=31.981)
    await pushed(at_the_door, worker, placed, row("B"), coordinates="wgs84")
    first, cursor = await changes(at_the_door)
    assert [(each["op"], each["source_id"], each["version"]) for each in first] == [
        ("upsert", "A", 1),
        ("upsert", "B", 1),
    ]
    record = (await at_the_door(VISITOR).get("records/nantong/platform/A")).json()
    assert first[0]["record"] == record
    assert abs(record["longitude"] - 120.894) > 0.001, "GCJ-02: where WGS-84 came in, it never goes out"
    await pushed(at_the_door, worker, row("A", summary="二"), {"source_id": "B", "_deleted": True})
    await pushed(at_the_door, worker, row("A", summary="三"), row("C", title=""))
    then, cursor = await changes(at_the_door, cursor, limit=1)
    assert [(each["op"], each["source_id"], each["version"]) for each in then] == [
        ("upsert", "A", 2),
        ("delete", "B", 2),
        ("upsert", "A", 3),
    ]
    assert then[1]["record"] is None
    assert (await changes(at_the_door, cursor))[0] == []
    late, _ = await changes(at_the_door)
    assert [(each["source_id"], each["version"]) for each in late] == [("A", 3)]


async def test_one_city_or_kind_can_be_followed(at_the_door: Door, worker: Worker) -> None:
    await pushed(at_the_door, worker, row("A"))
    await pushed(at_the_door, worker, row("P"), kind="policy")
    await pushed(at_the_door, worker, row("S"), jurisdiction="suzhou")
    for params, expected in (
        ({"jurisdiction": "nantong"}, ["A", "P"]),
        ({"kind": "platform"}, ["A", "S"]),
        ({"jurisdiction": "suzhou", "kind": "platform"}, ["S"]),
    ):
        found, _ = await changes(at_the_door, **params)
        assert sorted(each["source_id"] for each in found) == expected


async def test_nothing_is_told_before_its_chunk_is_done(at_the_door: Door, worker: Worker, store: Store) -> None:
    """Rows of a chunk are written one by one: who read the third before the second would never read the second."""
    batch_id = await committed(at_the_door(NANTONG), [row("A"), row("B")])
    (place,) = await store.intake.places.waiting()
    written = batch(id=batch_id, seq=place.seq)
    await store.records.write([replace(stored(written, source_id="A"), row=1)], {})
    assert (await changes(at_the_door))[0] == []
    await worker.advance(batch_id, ROUND_SECONDS)
    assert [each["source_id"] for each in (await changes(at_the_door))[0]] == ["A", "B"]


@pytest.mark.parametrize(("caller", "status"), [(VISITOR, 401), (MEMBER, 403), (NEIGHBOUR, 200)])
async def test_who_may_follow(at_the_door: Door, caller: Caller, status: int) -> None:
    assert (await at_the_door(caller).get("changes")).status_code == status


async def test_what_was_written_before_there_was_a_feed_is_in_it(
    at_the_door: Door, worker: Worker, store: Store
) -> None:
    await pushed(at_the_door, worker, *(row(f"R{number}") for number in range(3)))
    await store.records.collection.update_many({}, {"$unset": {"position": "", "at": ""}})
    await store.prepare()
    await pushed(at_the_door, worker, row("R1", summary="新"), row("R9"))
    found, _ = await changes(at_the_door, limit=1)
    assert sorted((each["source_id"], each["version"]) for each in found) == [
        ("R0", 1),
        ("R1", 2),
        ("R2", 1),
        ("R9", 2),
    ]
    path = "records/nantong/platform/R1"
    states = (await at_the_door(NANTONG).get(path, params={"history": "true"})).json()["items"]
    assert [(each["version"], each["row"]) for each in states] == [(2, 1), (1, None)]


async def test_a_cursor_of_another_list_is_refused(at_the_door: Door) -> None:
    answer = await at_the_door(SUZHOU).get("changes", params={"cursor": "WzEsMl0"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad_cursor")


async def test_records_taken_in_from_the_log_come_after_what_a_follower_has_read(store: Store) -> None:
    events = [published(stored(batch(seq=9), source_id=name)) for name in ("A", "B")]
    for each in events:
        await store.records.adopt([each])
    await store.go_on_above(events)
    await store.go_on_above(events)
    positions = [each["position"] async for each in store.records.collection.find({})]
    assert len(set(positions)) == 2
    (kept,) = await store.lists.all()
    assert (kept["seq"], kept["records"]) == (9, 2)
    assert all(position < (kept["seq"] + 1) << 24 for position in positions)
