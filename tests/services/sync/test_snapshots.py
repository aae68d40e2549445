"""A snapshot through the routes, the worker and a real database: what it withdraws, who approves, and who may not."""

from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from services.sync.intake import snapshots
from services.sync.store import Store
from tests.door import Door
from tests.services.sync.conftest import Log
from tests.services.sync.pushing import NANTONG, SUZHOU, announced, committed, opened, row, send
from tests.services.sync.test_agents import OPERATOR

LIST = [row(f"R{number:03}") for number in range(30)]
EMPTY = announced([], mode="snapshot")


async def pushed(at_the_door: Door, worker: Worker, rows: list[dict[str, object]], **changed: object) -> str:
    """The batch after its turn."""
    batch_id = await committed(at_the_door(NANTONG), rows, **changed)
    await worker.advance(batch_id, ROUND_SECONDS)
    return batch_id


async def test_what_a_snapshot_lacks_is_withdrawn_counted_and_listed(
    at_the_door: Door, worker: Worker, log: Log
) -> None:
    await pushed(at_the_door, worker, LIST)
    batch_id = await pushed(at_the_door, worker, LIST[:-2], mode="snapshot")
    client = at_the_door(NANTONG)
    shown = (await client.get(f"batches/{batch_id}")).json()
    assert (shown["state"], shown["withdrawn"], shown["counts"]["unchanged"]) == ("applied", 2, 28)
    assert shown["withdrawal"] == {"done": 2, "total": 2}
    assert log.told()[-2:] == ["record.deleted"] * 2
    assert (await client.get("records/nantong/platform/R029")).status_code == 404
    listed = (await client.get(f"batches/{batch_id}/withdrawals", params={"limit": 1})).json()
    assert [each["source_id"] for each in listed["items"]] == ["R028"]
    rest = await client.get(f"batches/{batch_id}/withdrawals", params={"cursor": listed["next_cursor"]})
    assert ([each["source_id"] for each in rest.json()["items"]], rest.json()["next_cursor"]) == (["R029"], None)


async def test_one_that_waits_is_approved_by_an_operator_of_its_city_and_by_no_agent(
    at_the_door: Door, worker: Worker
) -> None:
    await pushed(at_the_door, worker, LIST)
    batch_id = await pushed(at_the_door, worker, LIST[:20], mode="snapshot")
    shown = (await at_the_door(NANTONG).get(f"batches/{batch_id}")).json()
    assert (shown["state"], shown["seq"], shown["withdrawn"]) == ("awaiting_approval", None, 10)
    for agent in (NANTONG, SUZHOU):
        answer = await send(at_the_door(agent), "POST", f"batches/{batch_id}/approve", json={})
        assert answer.status_code == 403
    waiting = (await at_the_door(OPERATOR).get("batches", params={"state": "awaiting_approval"})).json()["items"]
    assert [each["id"] for each in waiting] == [batch_id]
    approved = await send(at_the_door(OPERATOR), "POST", f"batches/{batch_id}/approve", key="once", json={})
    assert (approved.status_code, approved.json()["state"], approved.json()["seq"]) == (202, "processing", 3)
    again = await send(at_the_door(OPERATOR), "POST", f"batches/{batch_id}/approve", key="once", json={})
    assert (again.status_code, again.json()["seq"]) == (202, 3)
    other = await send(at_the_door(OPERATOR), "POST", f"batches/{batch_id}/approve", json={})
    assert (other.status_code, other.json()["code"]) == (409, "batch_not_waiting")
    await worker.advance(batch_id, ROUND_SECONDS)
    ended = (await at_the_door(OPERATOR).get(f"batches/{batch_id}")).json()
    assert (ended["state"], ended["withdrawn"], ended["approved_by"]) == ("applied", 10, OPERATOR.id)


async def test_one_that_waits_is_deleted_with_its_parts(at_the_door: Door, worker: Worker, store: Store) -> None:
    await pushed(at_the_door, worker, LIST)
    batch_id = await pushed(at_the_door, worker, LIST[:5], mode="snapshot")
    answer = await send(at_the_door(OPERATOR), "DELETE", f"batches/{batch_id}")
    assert (answer.status_code, answer.json()["state"]) == (200, "discarded")
    assert await store.intake.parts.heads(batch_id) == []
    await worker.repair()
    assert (await at_the_door(NANTONG).get("records/nantong/platform/R029")).status_code == 200


async def test_an_empty_snapshot_empties_the_list_once_it_is_approved(at_the_door: Door, worker: Worker) -> None:
    await pushed(at_the_door, worker, LIST[:1])
    client = at_the_door(OPERATOR)
    answer = await send(client, "POST", "batches", json=EMPTY)
    batch_id = answer.json()["id"]
    assert (await send(client, "POST", f"batches/{batch_id}/commit", json={})).status_code == 202
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await client.get(f"batches/{batch_id}")).json()["state"] == "awaiting_approval"
    assert (await send(client, "POST", f"batches/{batch_id}/approve", json={})).status_code == 202
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await client.get("records/nantong/platform/R000")).status_code == 404
    lists = (await client.get("jurisdictions")).json()["items"]
    (kept,) = [each for city in lists for each in city["kinds"] if city["jurisdiction"] == "nantong"]
    assert (kept["records"], kept["kind"]) == (0, "platform")


async def test_an_approval_that_was_interrupted_gets_its_place_from_the_worker(
    at_the_door: Door, worker: Worker, store: Store
) -> None:
    await pushed(at_the_door, worker, LIST)
    batch_id = await pushed(at_the_door, worker, LIST[:20], mode="snapshot")
    await store.intake.batches.change(batch_id, lambda each: snapshots.approve(each, OPERATOR.id))
    await worker.repair()
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await at_the_door(NANTONG).get(f"batches/{batch_id}")).json()["state"] == "applied"


async def test_a_dry_run_says_what_would_go_and_waits_for_nobody(at_the_door: Door, worker: Worker) -> None:
    await pushed(at_the_door, worker, LIST)
    batch_id = await pushed(at_the_door, worker, LIST[:5], mode="snapshot", dry_run=True)
    client = at_the_door(NANTONG)
    shown = (await client.get(f"batches/{batch_id}")).json()
    assert (shown["state"], shown["withdrawn"]) == ("verified", 25)
    assert len((await client.get(f"batches/{batch_id}/withdrawals", params={"limit": 100})).json()["items"]) == 25
    assert (await client.get("records/nantong/platform/R029")).status_code == 200


async def test_a_delta_has_rows(at_the_door: Door) -> None:
    answer = await send(at_the_door(NANTONG), "POST", "batches", json={**EMPTY, "mode": "delta"})
    assert (answer.status_code, answer.json()["code"]) == (422, "delta_without_rows")
    assert await opened(at_the_door(NANTONG), LIST[:1])
