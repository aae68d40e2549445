"""Read models and lag over HTTP: pages, times, and a rebuild that is begun once per key."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from shared.projections.read_models import projection
from shared.values.jurisdictions import Jurisdiction
from tests.operators.conftest import ALLIANCE, Operated, operator
from tests.security.messages import record

JSON = {"content-type": "application/json"}


async def rebuild(client: httpx2.AsyncClient, key: str, content: bytes = b"{}", name: str = "items") -> httpx2.Response:
    return await client.post(f"read-models/{name}/rebuild", content=content, headers={"idempotency-key": key, **JSON})


async def has_caught_up(operated: Operated) -> None:
    pointer = await operated.items.pointer.read()
    assert await operated.items.pointer.write(pointer, {"generation": pointer["building"], "building": None})


async def test_read_models_are_listed_with_times_in_milliseconds(operated: Operated) -> None:
    at = datetime(2026, 12, 31, 15, 59, 59, 999_000, tzinfo=UTC)
    tally = operated.items.tally(1)
    tally.add(1, at)
    await tally.put_down()
    page = (await operated.seen_by(ALLIANCE).get("read-models")).json()
    assert page == {
        "items": [
            {
                "name": "items",
                "documents": 1,
                "as_of": "2026-12-31T15:59:59.999Z",
                "rebuilding": False,
                "progress": None,
                "generation": 1,
                "waits": None,
            }
        ],
        "next_cursor": None,
    }


async def test_the_number_of_documents_is_kept_and_not_counted(operated: Operated) -> None:
    fold = projection(operated.items.collection, operated.items.project, operated.items.tally(1))
    await fold([record(f"{number}") for number in range(50)])
    await fold([record("0"), record("50")])
    await operated.items.tally(1).put_down()
    await operated.items.collection.drop()
    (shown,) = (await operated.seen_by(ALLIANCE).get("read-models")).json()["items"]
    assert shown["documents"] == 51


async def test_what_an_earlier_version_has_left_is_counted_once_by_whoever_comes_first(operated: Operated) -> None:
    await operated.items.collection.insert_many([{"_id": str(number)} for number in range(3)])
    for _ in range(2):
        await operated.items.tally(1).begin(operated.items.collection)
    assert (await operated.items.tally(1).held()).documents == 3


async def test_lag_is_listed_page_by_page(operated: Operated) -> None:
    alliance = operated.seen_by(ALLIANCE)
    first = (await alliance.get("lag")).json()
    rest = (await alliance.get("lag", params={"cursor": first["next_cursor"], "limit": 100})).json()
    assert (len(first["items"]), rest["next_cursor"]) == (20, None)
    assert [each["lag"] for each in first["items"] + rest["items"]] == list(range(25))
    assert first["items"][3] == {"group": "search.items", "topic": "huning.records", "partition": 3, "lag": 3}


@pytest.mark.parametrize("path", ["lag", "read-models"])
@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"cursor": "!!!"}])
async def test_lists_refuse_a_limit_or_cursor_that_is_none(
    operated: Operated, path: str, query: dict[str, Any]
) -> None:
    answer = await operated.seen_by(ALLIANCE).get(path, params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_city_sees_neither_lag_nor_read_models_and_rebuilds_nothing(operated: Operated) -> None:
    suzhou = operated.seen_by(operator(Jurisdiction.SUZHOU))
    answers = [await suzhou.get("lag"), await suzhou.get("read-models"), await rebuild(suzhou, "k")]
    assert [answer.json()["code"] for answer in answers] == ["forbidden"] * 3


async def test_a_rebuild_asked_for_again_under_its_key_is_not_begun_again_after_it_has_ended(
    operated: Operated,
) -> None:
    alliance = operated.seen_by(ALLIANCE)
    begun, meanwhile = await rebuild(alliance, "k"), await rebuild(alliance, "k")
    await has_caught_up(operated)
    after = await rebuild(alliance, "k")
    assert [each.status_code for each in (begun, meanwhile, after)] == [202, 202, 202]
    assert [each.json()["rebuilding"] for each in (begun, meanwhile, after)] == [True, True, False]
    assert [each.headers.get("idempotency-replayed") for each in (begun, meanwhile, after)] == [None, "true", "true"]
    assert begun.headers["location"] == "/api/v1/ops/search/read-models"
    assert after.json()["generation"] == 2


async def test_a_key_that_found_a_rebuild_going_on_begins_none_later(operated: Operated) -> None:
    alliance = operated.seen_by(ALLIANCE)
    await rebuild(alliance, "k")
    joined = await rebuild(alliance, "k2")
    await has_caught_up(operated)
    assert (await rebuild(alliance, "k2")).json()["rebuilding"] is False
    assert (joined.json()["rebuilding"], "idempotency-replayed" in joined.headers) == (True, False)
    assert (await rebuild(alliance, "k3")).json()["rebuilding"] is True


async def test_the_key_with_another_body_is_refused_and_so_is_a_body_that_says_something(operated: Operated) -> None:
    alliance = operated.seen_by(ALLIANCE)
    for content, status in ((b"{", 400), (b'{"surprise": 1}', 422), (b"[]", 422)):
        assert (await rebuild(alliance, "k", content)).status_code == status
    assert (await alliance.get("read-models")).json()["items"][0]["rebuilding"] is False
    assert (await rebuild(alliance, "k", b"")).status_code == 202
    assert (await rebuild(alliance, "k", b"{}")).json()["code"] == "idempotency_key_reused"
    assert (await rebuild(alliance, "k2", name="nothing")).json()["code"] == "not_found"


async def test_rebuilds_asked_for_at_once_are_all_remembered_and_one_is_begun(operated: Operated) -> None:
    alliance = operated.seen_by(ALLIANCE)
    keys = [f"k{number}" for number in range(8)]
    await asyncio.gather(*(rebuild(alliance, key) for key in keys))
    await has_caught_up(operated)
    again = [await rebuild(alliance, key) for key in keys]
    assert {each.headers["idempotency-replayed"] for each in again} == {"true"}
    assert {each.json()["generation"] for each in again} == {2}


async def test_a_pointer_that_moved_meanwhile_is_not_overwritten(operated: Operated) -> None:
    pointer = await operated.items.pointer.read()
    assert await operated.items.pointer.write(pointer, {"building": 2})
    assert not await operated.items.pointer.write(pointer, {"building": 3})
    assert (await operated.items.pointer.read())["building"] == 2


async def test_a_rebuild_by_force_is_written_into_the_audit_trail(operated: Operated) -> None:
    entries = operated.items.database["audit"]
    await rebuild(operated.seen_by(ALLIANCE), "k")
    assert await entries.find_one({"action": "search.force-read-model"}) is None
    forced = await rebuild(operated.seen_by(ALLIANCE), "k2", b'{"force": true}')
    assert forced.status_code == 202
    entry = await entries.find_one({"action": "search.force-read-model"})
    assert entry is not None
    assert (entry["actor"], entry["subject"]) == (ALLIANCE.user_id, "ops/search/read-models/items")
    assert (await operated.items.pointer.read())["forced"] == 2
