"""What a record was, through the routes, the worker and a real database: by the instants at which others could see it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from services.sync.records.record import StoredRecord
from services.sync.records.versions import Overwritten
from services.sync.store import Store
from services.sync.tests.builders import LATER, batch, judged, stored
from shared.access.checking import VISITOR
from tests.door import Door
from tests.services.sync.pushing import NANTONG, SUZHOU, committed, row, send
from tests.services.sync.test_agents import OPERATOR

PATH = "records/nantong/platform/A"
CONTACT = {"name": "王工", "phone": "0513-87654321"}


async def pushed(at_the_door: Door, worker: Worker, *rows: dict[str, Any], **changed: Any) -> datetime:
    """Pushes these rows, and answers an instant after they are there."""
    await worker.advance(await committed(at_the_door(NANTONG), rows, **changed), ROUND_SECONDS)
    return datetime.now(UTC)


async def shown(at_the_door: Door, caller: Any = NANTONG, path: str = PATH, **params: Any) -> tuple[int, Any]:
    answer = await at_the_door(caller).get(path, params=params)
    return answer.status_code, answer.json()


async def test_every_state_is_shown_with_its_batch_its_row_and_its_instant(at_the_door: Door, worker: Worker) -> None:
    before = datetime.now(UTC)
    first = await pushed(at_the_door, worker, row("B"), row("A", summary="一"))
    second = await pushed(at_the_door, worker, row("A", summary="二"))
    await pushed(at_the_door, worker, row("A", summary="二"))
    status, page = await shown(at_the_door, history="true")
    assert status == 200
    told = [(each["summary"], each["version"], each["row"], each["verdict"]) for each in page["items"]]
    assert told == [("二", 2, 1, "changed"), ("一", 1, 2, "added")]
    instants = [datetime.fromisoformat(each["at"]) for each in page["items"]]
    assert before - timedelta(milliseconds=1) <= instants[1] <= first
    assert first - timedelta(milliseconds=1) <= instants[0] <= second
    assert page["items"][0]["batch_id"] != page["items"][1]["batch_id"]
    for at, summary in ((first, "一"), (second, "二")):
        assert (await shown(at_the_door, at=at.isoformat()))[1]["summary"] == summary
    status, problem = await shown(at_the_door, at=(before - timedelta(seconds=1)).isoformat())
    assert (status, problem["code"]) == (404, "not_found")


async def test_the_history_has_pages(at_the_door: Door, worker: Worker) -> None:
    for number in range(5):
        await pushed(at_the_door, worker, row("A", summary=str(number)))
    _, first = await shown(at_the_door, history="true", limit=2)
    _, second = await shown(at_the_door, history="true", limit=2, cursor=first["next_cursor"])
    _, third = await shown(at_the_door, history="true", limit=2, cursor=second["next_cursor"])
    assert [each["version"] for page in (first, second, third) for each in page["items"]] == [5, 4, 3, 2, 1]
    assert third["next_cursor"] is None


async def test_what_was_withdrawn_is_shown_to_those_who_follow_and_to_nobody_else(
    at_the_door: Door, worker: Worker
) -> None:
    stood = await pushed(at_the_door, worker, row("A"))
    await pushed(at_the_door, worker, {"source_id": "A", "_deleted": True})
    for params in ({"history": "true"}, {"at": stood.isoformat()}):
        assert (await shown(at_the_door, VISITOR, **params))[0] == 404
    _, page = await shown(at_the_door, SUZHOU, history="true")
    assert [(each["verdict"], each["deleted"]) for each in page["items"]] == [("deleted", True), ("added", False)]
    assert (await shown(at_the_door, SUZHOU, at=stood.isoformat()))[1]["source_id"] == "A"
    assert (await shown(at_the_door, SUZHOU, at=datetime.now(UTC).isoformat()))[0] == 404


async def test_whom_to_ask_is_not_told_of_earlier_states_to_everybody(at_the_door: Door, worker: Worker) -> None:
    await pushed(at_the_door, worker, row("A", contact=CONTACT))
    await pushed(at_the_door, worker, row("A", contact={"name": "李工"}))
    _, page = await shown(at_the_door, VISITOR, history="true")
    assert [each["contact"] and each["contact"]["name"] for each in page["items"]] == ["李工", None]
    _, page = await shown(at_the_door, SUZHOU, history="true")
    assert [each["contact"]["name"] for each in page["items"]] == ["李工", "王工"]


async def test_who_approved_is_shown_to_those_who_see_the_batch(at_the_door: Door, worker: Worker) -> None:
    await pushed(at_the_door, worker, row("A"), row("B"))
    batch_id = await committed(at_the_door(NANTONG), [row("B")], mode="snapshot")
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await send(at_the_door(OPERATOR), "POST", f"batches/{batch_id}/approve", json={})).status_code == 202
    await worker.advance(batch_id, ROUND_SECONDS)
    for caller, approver in ((NANTONG, OPERATOR.id), (SUZHOU, None)):
        _, page = await shown(at_the_door, caller, history="true")
        assert (page["items"][0]["verdict"], page["items"][0]["row"]) == ("deleted", None)
        assert page["items"][0]["approved_by"] == approver


async def test_what_is_older_than_what_is_kept_is_said_to_be_gone(
    at_the_door: Door, worker: Worker, store: Store
) -> None:
    first = await pushed(at_the_door, worker, row("A", summary="一"))
    await pushed(at_the_door, worker, row("A", summary="二"))
    await store.records.versions.collection.delete_many({})
    status, problem = await shown(at_the_door, at=first.isoformat())
    assert (status, problem["code"]) == (410, "history_gone")
    long_ago = datetime.now(UTC) - store.history.kept
    assert (await shown(at_the_door, at=long_ago.isoformat()))[0] == 410


async def test_a_state_that_is_kept_again_knows_what_it_was_overwritten_by_in_the_end(store: Store) -> None:
    """A batch may be given up between keeping and writing."""
    record = stored()
    await store.records.versions.keep([Overwritten(record, 7)], LATER)
    await store.records.versions.keep([Overwritten(record, 9)], LATER)
    (kept,) = await store.records.versions.collection.find({}).to_list(None)
    assert (kept["until"], kept["version"]) == (9, 1)


async def test_an_instant_never_goes_back_where_clocks_do(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    records = store.records
    await records.write([stored(summary="旧")], {})
    before = await records.find(PATH.removeprefix("records/").replace("/A", "/NT-001"))
    assert isinstance(before, StoredRecord)
    object.__setattr__(records, "clock", lambda: before.seen_at - timedelta(hours=1))
    changed = judged(before, batch(id="batch-2", seq=2, committed_at=LATER), summary="新").record
    assert changed
    await records.write([changed], {"NT-001": before})
    after = await records.find("nantong/platform/NT-001")
    assert after
    assert after.seen_at == before.seen_at
