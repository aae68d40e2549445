"""Saved searches over HTTP: where a new one is found, and by whom."""

from collections.abc import Callable
from typing import Any

import httpx2

from shared.access.checking import Caller
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


async def test_saved_searches_are_listed_page_by_page_in_the_order_of_saving(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    saved = [(await _saved(me)).json()["id"] for _ in range(3)]
    first = (await me.get(PATH, params={"limit": 2})).json()
    second = (await me.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in first["items"] + second["items"]] == saved
    assert second["next_cursor"] is None
