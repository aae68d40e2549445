"""A part or a commit that is sent again: the same answer, marked as a repeat, and a key that stands for one body."""

import asyncio

from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from shared.values.ids import new_id
from tests.door import Door
from tests.services.sync.pushing import NANTONG, announced, body_of, commit, opened, put, row, send

ROWS = [row("A"), row("B")]
FIRST, SECOND = body_of(ROWS[:1]), body_of(ROWS[1:])
REPLAYED = "idempotency-replayed"


async def waiting(door: Door) -> str:
    """A batch of two rows without any part; its id."""
    answer = await send(door(NANTONG), "POST", "batches", json=announced(ROWS))
    return str(answer.json()["id"])


async def test_a_commit_again_under_its_key_answers_the_batch_as_it_is_now_and_says_so(
    at_the_door: Door, worker: Worker
) -> None:
    client, key = at_the_door(NANTONG), new_id()
    batch_id = await opened(client, ROWS)
    first = await commit(client, batch_id, key=key)
    await worker.advance(batch_id, ROUND_SECONDS)
    again = await commit(client, batch_id, key=key)
    assert (first.status_code, first.json()["state"], first.headers.get(REPLAYED)) == (202, "processing", None)
    assert (again.status_code, again.json()["state"], again.headers[REPLAYED]) == (202, "applied", "true")
    assert (again.json()["seq"], again.json()["counts"]["added"]) == (1, 2)


async def test_the_key_of_a_commit_with_another_body_is_refused(at_the_door: Door) -> None:
    client, key = at_the_door(NANTONG), new_id()
    batch_id = await opened(client, ROWS)
    await commit(client, batch_id, key=key)
    other = await send(client, "POST", f"batches/{batch_id}/commit", key=key, content=b"")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_commit_of_what_is_committed_is_remembered_too(at_the_door: Door, worker: Worker) -> None:
    client, key = at_the_door(NANTONG), new_id()
    batch_id = await opened(client, ROWS)
    await commit(client, batch_id)
    late = await commit(client, batch_id, key=key)
    assert (late.status_code, late.headers.get(REPLAYED)) == (202, None)
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await commit(client, batch_id, key=key)).headers[REPLAYED] == "true"


async def test_a_commit_needs_no_body_and_takes_no_fields(at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    path = f"batches/{batch_id}/commit"
    wrong = await send(client, "POST", path, json={"force": True})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_field")
    assert (await send(client, "POST", path)).status_code == 202


async def test_a_part_again_under_its_key_is_the_same_answer_and_says_so(at_the_door: Door) -> None:
    client, key, batch_id = at_the_door(NANTONG), new_id(), await waiting(at_the_door)
    first, again = [await put(client, batch_id, 0, FIRST, key=key) for _ in range(2)]
    assert (first.status_code, first.headers.get(REPLAYED)) == (200, None)
    assert (again.status_code, again.headers[REPLAYED], again.json()) == (200, "true", first.json())


async def test_a_key_is_of_one_part_and_one_body(at_the_door: Door) -> None:
    client, key, batch_id = at_the_door(NANTONG), new_id(), await waiting(at_the_door)
    await put(client, batch_id, 0, FIRST, key=key)
    for part, body in ((1, SECOND), (1, FIRST), (0, SECOND)):
        other = await put(client, batch_id, part, body, key=key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await put(client, batch_id, 1, SECOND)).status_code == 200


async def test_a_key_that_put_a_part_again_is_of_that_part_from_then_on(at_the_door: Door) -> None:
    client, key, batch_id = at_the_door(NANTONG), new_id(), await waiting(at_the_door)
    await put(client, batch_id, 0, FIRST)
    assert (await put(client, batch_id, 0, FIRST, key=key)).status_code == 200
    assert (await put(client, batch_id, 1, SECOND, key=key)).json()["code"] == "idempotency_key_reused"


async def test_of_two_parts_under_one_key_at_once_one_is_kept(at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    for _ in range(10):
        key, batch_id = new_id(), await waiting(at_the_door)
        both = await asyncio.gather(put(client, batch_id, 0, FIRST, key=key), put(client, batch_id, 1, SECOND, key=key))
        assert sorted(each.status_code for each in both) == [200, 422]


async def test_one_part_put_many_times_at_once_is_one_part(at_the_door: Door) -> None:
    client, key, batch_id = at_the_door(NANTONG), new_id(), await waiting(at_the_door)
    answers = await asyncio.gather(*(put(client, batch_id, 0, FIRST, key=key) for _ in range(8)))
    assert {each.status_code for each in answers} == {200}
    assert [each.headers.get(REPLAYED) for each in answers].count(None) == 1


async def test_keys_are_remembered_when_the_rows_are_gone(at_the_door: Door, worker: Worker) -> None:
    client, key, batch_id = at_the_door(NANTONG), new_id(), await waiting(at_the_door)
    await put(client, batch_id, 0, FIRST, key=key)
    await put(client, batch_id, 1, SECOND)
    await commit(client, batch_id)
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await put(client, batch_id, 0, FIRST, key=key)).headers[REPLAYED] == "true"
    assert (await put(client, batch_id, 0, SECOND, key=key)).json()["code"] == "idempotency_key_reused"
