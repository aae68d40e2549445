"""The shapes of the public API and the life of a batch, through the routes and the worker."""

import asyncio
import hashlib
from typing import Any

import pytest
from fastapi.routing import APIRoute

from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from services.sync.routes import router
from services.sync.store import Store
from shared.access.checking import VISITOR
from shared.values.ids import new_id
from tests.door import Door
from tests.services.sync.conftest import Log
from tests.services.sync.pushing import (
    NANTONG,
    NDJSON,
    PERSONAL,
    SEALER,
    SUZHOU,
    announced,
    body_of,
    commit,
    committed,
    opened,
    put,
    row,
    send,
)

ROWS = [row("A"), row("B", contact={"phone": 1.38e10}), row("A", summary="新")]


async def test_a_batch_goes_its_way_from_open_to_applied(at_the_door: Door, worker: Worker, log: Log) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    before = (await client.get(f"batches/{batch_id}")).json()
    assert (before["state"], before["seq"], before["progress"]) == ("open", None, {"done": 0, "total": 3})
    answer = await commit(client, batch_id)
    assert (answer.status_code, answer.json()["state"], answer.json()["seq"]) == (202, "processing", 1)
    await worker.advance(batch_id, ROUND_SECONDS)
    after = (await client.get(f"batches/{batch_id}")).json()
    assert (after["state"], after["progress"], after["withdrawn"]) == ("applied", {"done": 3, "total": 3}, 0)
    assert after["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "deleted": 0, "rejected": 1, "duplicate": 1}
    assert after["pushed_by"] == "agent-nantong"
    assert log.told() == ["record.added"]


async def test_the_receipt_names_row_field_code_and_what_to_do(at_the_door: Door, worker: Worker) -> None:
    client = at_the_door(NANTONG)
    await worker.advance(batch_id := await committed(client, ROWS), ROUND_SECONDS)
    page = (await client.get(f"batches/{batch_id}/rows", params={"verdict": "rejected"})).json()
    assert page == {
        "items": [
            {
                "row": 2,
                "source_id": "B",
                "verdict": "rejected",
                "field": "contact.phone",
                "code": "number_in_scientific_notation",
                "message": "电话号码被表格软件写成了 1.38E+10，请将该列设为文本后重新导出",
                "before": None,
                "after": None,
                "normalized": None,
                "at": None,
            }
        ],
        "next_cursor": None,
    }


async def test_a_part_that_is_utf8_only_by_chance_is_read_as_what_it_is(at_the_door: Door, worker: Worker) -> None:
    client = at_the_door(NANTONG)
    body = '{"source_id":"A","title":"医学院"}\n'.encode("gbk")
    whole = hashlib.sha256(body).hexdigest()
    batch_id = (await send(client, "POST", "batches", json=announced([], rows=1, sha256=whole))).json()["id"]
    await put(client, batch_id, 0, body)
    await commit(client, batch_id)
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await client.get("records/nantong/platform/A")).json()["title"] == "医学院"


async def test_a_city_may_write_its_parts_in_gbk_and_the_digest_is_of_the_bytes_it_sent(
    at_the_door: Door, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    parts = [
        '{"source_id":"A","title":"中试“基地”"}\n'.encode("gbk"),
        '{"source_id":"B","title":"研究院"}\n'.encode(),
    ]
    whole = hashlib.sha256(b"".join(parts)).hexdigest()
    batch_id = (await send(client, "POST", "batches", json=announced([], rows=2, sha256=whole))).json()["id"]
    answers = [await put(client, batch_id, number, body) for number, body in enumerate(parts)]
    assert [each.json()["sha256"] for each in answers] == [hashlib.sha256(body).hexdigest() for body in parts]
    assert (await commit(client, batch_id)).status_code == 202
    await worker.advance(batch_id, ROUND_SECONDS)
    titles = [(await client.get(f"records/nantong/platform/{name}")).json()["title"] for name in "AB"]
    assert titles == ["中试“基地”", "研究院"]


async def test_everybody_can_read_a_record_with_its_version_and_batch(at_the_door: Door, worker: Worker) -> None:
    await worker.advance(
        batch_id := await committed(at_the_door(NANTONG), [row("研/1", contact={"phone": "13812345678"})]),
        ROUND_SECONDS,
    )
    answer = await at_the_door(VISITOR).get("records/nantong/platform/研/1")
    record = answer.json()
    assert (record["version"], record["batch_id"], answer.headers["etag"]) == (1, batch_id, '"1"')
    assert record["contact"] == {"name": None, "phone_masked": "138****5678"}
    assert "13812345678" not in answer.text


async def test_a_record_that_its_city_took_back_is_no_longer_there(at_the_door: Door, worker: Worker, log: Log) -> None:
    client = at_the_door(NANTONG)
    await worker.advance(await committed(client, [row("A")]), ROUND_SECONDS)
    await worker.advance(await committed(client, [{"source_id": "A", "_deleted": True}]), ROUND_SECONDS)
    assert log.told() == ["record.added", "record.deleted"]
    assert (await client.get("records/nantong/platform/A")).status_code == 404


async def test_the_same_rows_again_are_unchanged_and_nobody_is_told(
    at_the_door: Door, worker: Worker, log: Log
) -> None:
    client = at_the_door(NANTONG)
    await worker.advance(await committed(client, ROWS), ROUND_SECONDS)
    log.events.clear()
    await worker.advance(again := await committed(client, ROWS), ROUND_SECONDS)
    assert (await client.get(f"batches/{again}")).json()["counts"]["unchanged"] == 1
    assert log.told() == []


async def test_a_push_names_the_dry_run_of_the_same_content_and_what_changed_since(
    at_the_door: Door, worker: Worker
) -> None:
    client, rows = at_the_door(NANTONG), [row("A", summary="新"), row("B"), row("C")]

    async def pushed(rows: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
        batch_id = await committed(client, rows, **changed)
        await worker.advance(batch_id, ROUND_SECONDS)
        shown: dict[str, Any] = (await client.get(f"batches/{batch_id}")).json()
        return shown

    await pushed([row("A", summary="旧")])
    dry = await pushed(rows, dry_run=True)
    assert dry["follows"] is None
    await pushed([row("A", summary="别人的"), row("B", summary="别人的")])
    assert (await pushed(rows))["follows"] == {"id": dry["id"], "other_verdict": 1, "other_before": 1}
    assert (await pushed(rows[:2]))["follows"] is None
    assert (await pushed(rows, kind="carrier"))["follows"] is None
    assert (await pushed(rows, mode="snapshot"))["follows"] is None


async def test_a_dry_run_ends_verified_with_the_difference_and_changes_nothing(
    at_the_door: Door, worker: Worker, log: Log
) -> None:
    client = at_the_door(NANTONG)
    await worker.advance(await committed(client, [row("A", summary="旧")]), ROUND_SECONDS)
    await worker.advance(
        dry := await committed(client, [row("A", summary="新"), row("C")], dry_run=True), ROUND_SECONDS
    )
    assert (await client.get(f"batches/{dry}")).json()["state"] == "verified"
    rows = (await client.get(f"batches/{dry}/rows")).json()["items"]
    assert [each["verdict"] for each in rows] == ["changed", "added"]
    assert (rows[0]["before"], rows[0]["after"]) == ({"summary": "旧"}, {"summary": "新"})
    assert (await client.get("records/nantong/platform/A")).json()["summary"] == "旧"
    assert log.told() == ["record.added"]


async def test_the_same_key_opens_one_batch_and_another_body_under_it_is_refused(at_the_door: Door) -> None:
    client, key = at_the_door(NANTONG), new_id()
    first = await send(client, "POST", "batches", key=key, json=announced(ROWS))
    again = await send(client, "POST", "batches", key=key, json=announced(ROWS))
    other = await send(client, "POST", "batches", key=key, json=announced(ROWS, rows=4))
    assert first.headers["location"] == f"/api/v1/sync/batches/{first.json()['id']}"
    assert (again.json()["id"], again.headers["idempotency-replayed"]) == (first.json()["id"], "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_part_put_again_is_the_same_answer_and_another_body_a_conflict_before_and_after_the_end(
    at_the_door: Door, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    for _ in range(2):
        again = await put(client, batch_id, 0, body_of(ROWS))
        other = await put(client, batch_id, 0, body_of(ROWS[:1]))
        assert (again.status_code, again.json()["part"], again.json()["rows"]) == (200, 0, 3)
        assert (other.status_code, other.json()["code"]) == (409, "part_differs")
        await commit(client, batch_id)
        await worker.advance(batch_id, ROUND_SECONDS)
    assert (await put(client, batch_id, 1, body_of(ROWS))).json()["code"] == "batch_committed"


async def test_an_open_batch_is_deleted_with_its_parts_and_stays_gone(at_the_door: Door, store: Store) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    gone = await send(client, "DELETE", f"batches/{batch_id}")
    assert (gone.status_code, gone.json()["state"]) == (200, "discarded")
    assert await store.intake.parts.heads(batch_id) == []
    assert (await send(client, "DELETE", f"batches/{batch_id}")).status_code == 200
    for late in (await put(client, batch_id, 0, body_of(ROWS)), await commit(client, batch_id)):
        assert (late.status_code, late.json()["code"]) == (410, "batch_expired")


def test_the_documents_say_of_what_is_kept_for_a_time_that_it_may_be_gone(store: Store) -> None:
    kept = {
        "sync.put-part",
        "sync.commit-batch",
        "sync.push-verified",
        "sync.list-rows",
        "sync.show-record",
        "sync.show-annotated",
    }
    gone = {
        each.operation_id
        for each in router(store, PERSONAL, SEALER).routes
        if isinstance(each, APIRoute) and 410 in each.responses
    }
    assert gone == kept


async def test_a_committed_batch_is_not_deleted(at_the_door: Door, store: Store, worker: Worker) -> None:
    client = at_the_door(NANTONG)
    cut_off = await opened(client, ROWS)
    batch = (await store.intake.batches.get(cut_off)).state
    await store.intake.places.take(batch, 1, batch.created_at)  # its commit died here
    for batch_id in (cut_off, await committed(client, ROWS)):
        refused = await send(client, "DELETE", f"batches/{batch_id}")
        assert (refused.status_code, refused.json()["code"]) == (409, "batch_committed")
    await worker.repair()
    await worker.advance(cut_off, ROUND_SECONDS)
    assert (await client.get(f"batches/{cut_off}")).json()["state"] == "applied"


async def test_another_citys_open_batch_is_not_there_to_be_deleted(at_the_door: Door) -> None:
    batch_id = await opened(at_the_door(NANTONG), ROWS)
    answer = await send(at_the_door(SUZHOU), "DELETE", f"batches/{batch_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await at_the_door(NANTONG).get(f"batches/{batch_id}")).json()["state"] == "open"


async def test_many_commits_at_once_are_one_commit(at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    answers = await asyncio.gather(*(commit(client, batch_id) for _ in range(8)))
    assert {(each.status_code, each.json()["seq"]) for each in answers} == {(202, 1)}


async def test_a_commit_that_died_after_taking_its_place_is_completed_by_the_worker(
    at_the_door: Door, store: Store, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    await store.intake.places.take(
        (await store.intake.batches.get(batch_id)).state, 1, (await store.intake.batches.get(batch_id)).state.created_at
    )
    await worker.repair()
    await worker.advance(batch_id, ROUND_SECONDS)
    assert (await client.get(f"batches/{batch_id}")).json()["state"] == "applied"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [({"rows": 4}, 400, "truncated"), ({"rows": 2}, 422, "rows_differ"), ({"sha256": "0" * 64}, 400, "sha256_differs")],
)
async def test_a_batch_that_is_not_what_was_announced_is_refused_whole(
    at_the_door: Door, store: Store, changed: dict[str, object], status: int, code: str
) -> None:
    client = at_the_door(NANTONG)
    answer = await commit(client, await opened(client, ROWS, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await store.intake.places.waiting() == []


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"mode": "whole"}, 422, "invalid"),
        ({"jurisdiction": "suzhou"}, 403, "forbidden"),
        ({"rows": 0}, 422, "delta_without_rows"),
        ({"rows": "3"}, 422, "wrong_type"),
        ({"sha256": {"$ne": None}}, 422, "wrong_type"),
        ({"color": "red"}, 422, "unknown_field"),
        ({"kind": "spaceship"}, 422, "invalid"),
    ],
)
async def test_a_batch_that_cannot_be_is_refused_at_the_door(
    at_the_door: Door, changed: dict[str, object], status: int, code: str
) -> None:
    answer = await send(at_the_door(NANTONG), "POST", "batches", json=announced(ROWS, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_citys_batch_is_answered_as_if_there_were_none(at_the_door: Door) -> None:
    batch_id = await opened(at_the_door(NANTONG), ROWS)
    stranger = at_the_door(SUZHOU)
    for answer in (
        await stranger.get(f"batches/{batch_id}"),
        await stranger.get(f"batches/{batch_id}/rows"),
        await put(stranger, batch_id, 0, body_of(ROWS)),
        await commit(stranger, batch_id),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_part_of_the_wrong_type_is_refused(at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    batch_id = await opened(client, ROWS)
    answer = await send(client, "PUT", f"batches/{batch_id}/parts/1", json={})
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")
    late = await send(client, "PUT", f"batches/{batch_id}/parts/3", content=body_of(ROWS), headers=NDJSON)
    assert (late.status_code, late.json()["code"]) == (422, "part_over_batch")


async def test_batches_are_listed_newest_first_page_by_page(at_the_door: Door) -> None:
    client = at_the_door(NANTONG)
    made = [await opened(client, ROWS) for _ in range(3)]
    first = (await client.get("batches", params={"jurisdiction": "nantong", "limit": 2})).json()
    second = (await client.get("batches", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in [*first["items"], *second["items"]]] == made[::-1]


async def test_the_jurisdictions_show_how_fresh_their_lists_are(at_the_door: Door, worker: Worker) -> None:
    await worker.advance(await committed(at_the_door(NANTONG), ROWS), ROUND_SECONDS)
    visitor = at_the_door(VISITOR)
    items = (await visitor.get("jurisdictions")).json()["items"]
    assert len(items) == 8
    first = (await visitor.get("jurisdictions", params={"limit": 5})).json()
    rest = (await visitor.get("jurisdictions", params={"cursor": first["next_cursor"]})).json()
    assert [*first["items"], *rest["items"]] == items
    (nantong,) = [each for each in items if each["jurisdiction"] == "nantong"]
    assert (nantong["name"], nantong["code"]) == ("南通", "320600")
    (platform,) = nantong["kinds"]
    assert (platform["kind"], platform["records"], platform["rejected_share"], platform["stale"]) == (
        "platform",
        1,
        0.3333,
        False,
    )
