"""Saved searches over HTTP: where a new one is found, and by whom."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx2

from services.search.saved_searches.consumers import Percolation
from services.search.saved_searches.rules import MOST_OF_ONE_BATCH
from services.search.saved_searches.store import NEWS_FOR, Store
from services.search.tests.building import record
from shared.access.checking import Caller
from shared.aggregates.decisions import Decision
from shared.events.contracts import EXAMPLES
from shared.events.envelope import event
from shared.events.search import SavedSearchHit
from shared.values.clock import now
from shared.values.ids import new_id

AtTheDoor = Callable[[Caller], httpx2.AsyncClient]
ME, SOMEBODY = Caller(user_id="me"), Caller(user_id="somebody")
PATH = "/api/v1/search/subscriptions"
WANTED = {"name": "双极板", "query": {"q": "双极板 涂层", "bbox": "120,31,121,32"}, "notify": "digest"}


def _key() -> dict[str, str]:
    return {"idempotency-key": new_id()}


async def _saved(me: httpx2.AsyncClient) -> httpx2.Response:
    saved = await me.post(PATH, json=WANTED, headers=_key())
    assert saved.status_code == 201
    return saved


async def _problem(who: httpx2.AsyncClient, subscription_id: str) -> tuple[int, dict[str, Any]]:
    answer = await who.get(f"{PATH}/{subscription_id}")
    problem = answer.json()
    assert problem.pop("instance") == f"{PATH}/{subscription_id}"
    return answer.status_code, {**problem, "request_id": ""}


async def test_a_saved_search_is_found_where_its_location_says(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    saved = await _saved(me)
    shown = await me.get(saved.headers["location"])
    assert (shown.status_code, shown.json()) == (200, saved.json())
    assert shown.json()["query"] == WANTED["query"]
    assert shown.headers["etag"] == saved.headers["etag"]


async def test_somebody_elses_saved_search_is_answered_like_one_that_does_not_exist(at_the_door: AtTheDoor) -> None:
    subscription_id = (await _saved(at_the_door(ME))).json()["id"]
    somebody = at_the_door(SOMEBODY)
    status, problem = await _problem(somebody, subscription_id)
    assert (status, problem["code"]) == (404, "not_found")
    assert (status, problem) == await _problem(somebody, new_id())


async def test_a_removed_saved_search_is_gone_from_its_address_and_from_the_list(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    kept, removed = (await _saved(me)).json()["id"], (await _saved(me)).json()["id"]
    assert (await me.delete(f"{PATH}/{removed}", headers=_key())).status_code == 204
    assert (await _problem(me, removed))[0] == 404
    assert [each["id"] for each in (await me.get(PATH)).json()["items"]] == [kept]


async def test_a_saved_search_is_edited_and_what_is_left_out_stays(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    saved = await _saved(me)
    path, key = saved.headers["location"], _key()
    answers = [await me.patch(path, json={"name": "双极板（苏州）", "notify": None}, headers=key) for _ in range(2)]
    assert answers[0].json() == {**saved.json(), "name": "双极板（苏州）", "version": 2}
    assert answers[1].json() == answers[0].json() == (await me.get(path)).json()
    assert answers[1].headers["idempotency-replayed"] == "true"


async def test_an_edit_of_what_was_edited_meanwhile_is_refused(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    saved = await _saved(me)
    path, seen = saved.headers["location"], {"if-match": saved.headers["etag"]}
    assert (await me.patch(path, json={"notify": "at_once"}, headers={**_key(), **seen})).status_code == 200
    late = await me.patch(path, json={"name": "别的"}, headers={**_key(), **seen})
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    assert (await me.get(path)).json()["name"] == WANTED["name"]


async def test_nobody_edits_anothers_saved_search_nor_one_that_was_removed(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    path = (await _saved(me)).headers["location"]
    refused = await at_the_door(SOMEBODY).patch(path, json={"name": "别人的"}, headers=_key())
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    await me.delete(path, headers=_key())
    assert (await me.patch(path, json={"name": "太晚"}, headers=_key())).status_code == 404


async def test_a_query_that_asks_for_a_circle_without_a_centre_is_refused_at_its_field(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    path = (await _saved(me)).headers["location"]
    refused = await me.patch(path, json={"query": {"radius": 500}}, headers=_key())
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "query.near")


async def test_of_another_query_only_what_comes_from_then_on_is_told(store: Store, at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    path = (await _saved(me)).headers["location"]
    (saved,) = await store.all_saved()
    await store.saved_searches.change(
        saved.id,
        lambda each: Decision(each.model_copy(update={"created_at": now() - timedelta(days=9)}), "age", "", None),
    )
    before, after = (record("氢能电堆", source_id=each, updated_at=at) for each, at in _moments())
    await me.patch(path, json={"query": {"q": "氢能"}}, headers=_key())
    await Percolation(store).records_came([before, after])
    assert [each.state.item.id for each in await store.hits.where({})] == ["nanjing/institution/after"]


def _moments() -> list[tuple[str, datetime]]:
    return [("before", now() - timedelta(days=1)), ("after", now() + timedelta(seconds=1))]


async def test_saved_searches_are_listed_page_by_page_in_the_order_of_saving(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    saved = [(await _saved(me)).json()["id"] for _ in range(3)]
    first = (await me.get(PATH, params={"limit": 2})).json()
    second = (await me.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in first["items"] + second["items"]] == saved
    assert second["next_cursor"] is None


async def _records(store: Store, count: int, *, batch: str) -> list[str]:
    """The ids of all hits after a batch of so many new records came, twice."""
    events = [
        record(f"双极板涂层{n}", source_id=f"{batch}-{n}", batch_id=batch, updated_at=now()) for n in range(count)
    ]
    for _ in range(2):
        await Percolation(store).records_came(events)
    return [each.state.id for each in await store.hits.where({})]


async def test_a_batch_of_records_is_told_once_and_no_more_than_a_person_can_read(
    store: Store, at_the_door: AtTheDoor
) -> None:
    await at_the_door(ME).post(PATH, json={"name": "双极板", "query": {"q": "双极板"}}, headers=_key())
    assert len(await _records(store, 3, batch="small")) == 3
    assert len(await _records(store, MOST_OF_ONE_BATCH + 5, batch="big")) == 3 + MOST_OF_ONE_BATCH


async def test_a_record_that_changed_or_went_is_told_to_nobody(store: Store, at_the_door: AtTheDoor) -> None:
    await at_the_door(ME).post(PATH, json={"name": "双极板", "query": {"q": "双极板"}}, headers=_key())
    came = record("双极板涂层", updated_at=now())
    changed = event("record.changed", came.subject, 2, came.time, came.data, jurisdiction="nanjing")
    await Percolation(store).records_came([changed, record("双极板涂层", deleted=True, updated_at=now())])
    assert await store.hits.where({}) == []


async def test_what_is_long_past_is_no_hit_so_that_one_that_was_removed_never_comes_again(store: Store) -> None:
    hit = SavedSearchHit.model_validate(
        json.loads((EXAMPLES / "cn.huning.saved-search.hit.v1.json").read_text())["value"]
    )
    for name, at in (("old", now() - NEWS_FOR - timedelta(minutes=1)), ("new", now())):
        await store.tell(hit.model_copy(update={"id": name, "occurred_at": at}))
    assert [each.state.id for each in await store.hits.where({})] == ["new"]
