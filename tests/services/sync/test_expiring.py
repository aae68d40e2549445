"""A batch that nobody commits does not stay: its parts hold telephone numbers."""

import asyncio
from datetime import timedelta

from services.sync.applying.worker import Worker
from services.sync.intake.batch import DISCARDED_FOR, OPEN_FOR, PartHead
from services.sync.intake.expiring import Expiring
from services.sync.store import Store
from shared.aggregates.attempts import Attempt
from shared.values.clock import now
from shared.values.ids import new_id
from tests.door import Door
from tests.services.sync.pushing import NANTONG, body_of, commit, opened, put, row

ROWS = [row("A"), row("B")]


def later(store: Store, by: timedelta) -> Expiring:
    """The task, at a later time."""
    at = now() + by
    return Expiring(store.intake, lambda: at)


async def kept(store: Store, batch_id: str) -> int:
    return int(await store.intake.parts.collection.count_documents({"batch_id": batch_id}))


async def test_an_open_batch_is_discarded_with_its_parts_after_a_day_and_not_before(
    store: Store, at_the_door: Door
) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    await later(store, OPEN_FOR - timedelta(minutes=1)).expire()
    assert await kept(store, batch_id) == 1
    await asyncio.gather(later(store, OPEN_FOR).expire(), later(store, OPEN_FOR).expire())
    assert await kept(store, batch_id) == 0
    shown = (await client.get(f"batches/{batch_id}")).json()
    assert (shown["state"], shown["seq"], shown["progress"]["done"]) == ("discarded", None, 0)


async def test_a_part_or_a_commit_that_comes_after_is_told_so(store: Store, at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    await later(store, OPEN_FOR).expire()
    for answer in (await put(client, batch_id, 0, body_of(ROWS)), await commit(client, batch_id)):
        assert (answer.status_code, answer.json()["code"]) == (410, "batch_expired")
        assert "24 小时" in answer.json()["detail"]
    assert await kept(store, batch_id) == 0


async def test_what_a_request_still_puts_goes_with_the_next_round(store: Store, at_the_door: Door) -> None:
    batch_id = await opened(at_the_door(NANTONG), ROWS)
    await later(store, OPEN_FOR).expire()
    head = PartHead(part=1, rows=1, sha256="0" * 64)
    await store.intake.parts.put(batch_id, head, b"{}", ["A"], Attempt("a", new_id(), "d"))
    await later(store, OPEN_FOR).expire()
    assert await kept(store, batch_id) == 0


async def test_a_committed_batch_is_left_alone(store: Store, at_the_door: Door, worker: Worker) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    assert (await commit(client, batch_id)).status_code == 202
    await later(store, 400 * OPEN_FOR).expire()
    await worker.advance(batch_id, 60)
    assert (await client.get(f"batches/{batch_id}")).json()["counts"]["added"] == 2


async def test_a_commit_that_took_a_place_and_was_cut_off_is_completed_and_not_discarded(
    store: Store, at_the_door: Door, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    await store.intake.places.take((await store.intake.batches.get(batch_id)).state, 1, now())
    await later(store, OPEN_FOR).expire()
    await worker.repair()
    await worker.advance(batch_id, 60)
    assert (await client.get(f"batches/{batch_id}")).json()["state"] == "applied"


async def test_a_place_whose_batch_was_discarded_meanwhile_holds_up_nobody(
    store: Store, at_the_door: Door, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    lost = await opened(client, ROWS)
    batch = (await store.intake.batches.get(lost)).state
    await later(store, OPEN_FOR).expire()
    await store.intake.places.take(batch, 1, now())  # by a commit that had read the batch before
    await later(store, OPEN_FOR + 2 * DISCARDED_FOR).expire()
    following = await opened(client, ROWS)
    assert (await commit(client, following)).status_code == 202
    await worker.repair()
    for each in (lost, following):
        await worker.advance(each, 60)
    assert (await client.get(f"batches/{following}")).json()["state"] == "applied"
    await later(store, OPEN_FOR + 2 * DISCARDED_FOR).expire()
    assert (await client.get(f"batches/{lost}")).status_code == 404


async def test_that_a_batch_was_discarded_is_known_for_a_month(store: Store, at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    await later(store, OPEN_FOR).expire()
    await later(store, DISCARDED_FOR).expire()
    assert (await client.get(f"batches/{batch_id}")).status_code == 200
    await later(store, OPEN_FOR + DISCARDED_FOR + timedelta(minutes=1)).expire()
    assert (await client.get(f"batches/{batch_id}")).status_code == 404
