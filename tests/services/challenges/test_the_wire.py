"""The shapes of the public API of challenges, through the routes."""

import pytest

from services.challenges.claiming.store import Store
from shared.access.checking import VISITOR, Caller
from shared.values.ids import new_id
from tests.services.challenges.asking import Door, send, without_place
from tests.services.challenges.building import (
    CITY,
    NEIGHBOUR,
    POSTER,
    STRANGER,
    challenge_body,
    drafted,
    published,
)


async def test_a_draft_is_answered_with_201_its_place_and_what_can_be_done_next(at_the_door: Door) -> None:
    answer = await send(at_the_door, POSTER, "POST", "challenges", challenge_body())
    challenge = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/challenges/{challenge['id']}"
    assert answer.headers["etag"] == '"1"'
    assert challenge["state"] == "draft"
    assert challenge["organization"]["id"] == POSTER.organization_id
    assert {"action": "submit", "allowed": True, "reason_code": None, "reason": None} in challenge["actions"]


async def test_the_same_key_makes_one_challenge(at_the_door: Door) -> None:
    body, key = challenge_body(), new_id()
    first = await send(at_the_door, POSTER, "POST", "challenges", body, key=key)
    again = await send(at_the_door, POSTER, "POST", "challenges", body, key=key)
    other = await send(at_the_door, POSTER, "POST", "challenges", {**body, "title": "另一个榜单"}, key=key)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_bare_date_comes_back_as_the_end_of_that_day_in_shanghai(at_the_door: Door) -> None:
    answer = await send(at_the_door, POSTER, "POST", "challenges", challenge_body(deadline="2099-12-31"))
    assert answer.json()["deadline"] == "2099-12-31T15:59:59.999Z"


async def test_stages_that_do_not_sum_to_100_are_a_problem_at_their_field(at_the_door: Door) -> None:
    stages = [{"name": "签约", "percent": 40}, {"name": "验收", "percent": 50}]
    reward = {"amount_fen": 300000000, "stages": stages}
    answer = await send(at_the_door, POSTER, "POST", "challenges", challenge_body(reward=reward))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"] == [
        {"field": "reward.stages[1].percent", "code": "sum_not_100", "message": "各阶段比例之和应为 100，现为 90"}
    ]


async def test_an_unknown_field_is_refused(at_the_door: Door) -> None:
    answer = await send(at_the_door, POSTER, "POST", "challenges", challenge_body(surprise=1))
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("surprise", "unknown_field")]


async def test_an_action_takes_an_empty_object_and_no_other(store: Store, at_the_door: Door) -> None:
    challenge = await drafted(store)
    answer = await send(at_the_door, POSTER, "POST", f"challenges/{challenge.id}/submit", {"now": True})
    assert answer.json()["errors"][0]["code"] == "unknown_field"


async def test_a_revision_of_another_version_is_refused(store: Store, at_the_door: Door) -> None:
    path = f"challenges/{(await drafted(store)).id}"
    stale = await send(at_the_door, POSTER, "PATCH", path, {"period_months": 12}, if_match='"7"')
    fresh = await send(at_the_door, POSTER, "PATCH", path, {"period_months": 12}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert (fresh.json()["version"], fresh.json()["period_months"]) == (2, 12)


async def test_a_revision_changes_what_it_names_and_nothing_else(store: Store, at_the_door: Door) -> None:
    path = f"challenges/{(await drafted(store)).id}"
    before = (await send(at_the_door, POSTER, "GET", path)).json()
    after = (await send(at_the_door, POSTER, "PATCH", path, {"title": "新题目"})).json()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"title", "version", "updated_at"}


async def test_null_is_no_value_for_a_field_that_a_challenge_needs(store: Store, at_the_door: Door) -> None:
    answer = await send(at_the_door, POSTER, "PATCH", f"challenges/{(await drafted(store)).id}", {"title": None})
    assert answer.json()["errors"][0]["field"] == "title"


async def test_a_return_carries_its_reasons(store: Store, at_the_door: Door) -> None:
    path = f"challenges/{(await drafted(store)).id}"
    await send(at_the_door, POSTER, "POST", f"{path}/submit", {})
    reasons = [{"field": "problem", "message": "请写明现有涂层的寿命"}]
    answer = await send(at_the_door, CITY, "POST", f"{path}/return", {"reasons": reasons})
    assert (answer.json()["state"], answer.json()["return_reasons"]) == ("returned", reasons)


@pytest.mark.parametrize("caller", [VISITOR, STRANGER, NEIGHBOUR], ids=["a visitor", "a stranger", "another city"])
async def test_anothers_draft_answers_as_if_it_did_not_exist(store: Store, at_the_door: Door, caller: Caller) -> None:
    there = await send(at_the_door, caller, "GET", f"challenges/{(await drafted(store)).id}")
    nowhere = await send(at_the_door, caller, "GET", f"challenges/{new_id()}")
    assert without_place(there) == without_place(nowhere)
    assert there.status_code == 404


async def test_a_city_finds_no_draft_to_decide_on(store: Store, at_the_door: Door) -> None:
    answer = await send(at_the_door, CITY, "POST", f"challenges/{(await drafted(store)).id}/approve", {})
    assert answer.status_code == 404


async def test_only_the_city_that_it_is_posted_in_decides_on_a_challenge(store: Store, at_the_door: Door) -> None:
    path = f"challenges/{(await drafted(store)).id}"
    await send(at_the_door, POSTER, "POST", f"{path}/submit", {})
    assert (await send(at_the_door, NEIGHBOUR, "POST", f"{path}/approve", {})).status_code == 404
    assert (await send(at_the_door, CITY, "POST", f"{path}/approve", {})).json()["state"] == "approved"


async def test_a_list_goes_on_where_the_page_before_ended_whatever_is_posted_meanwhile(
    store: Store, at_the_door: Door
) -> None:
    posted = [(await published(store)).id for _ in range(3)]
    first = (await send(at_the_door, VISITOR, "GET", "challenges?limit=2")).json()
    await published(store)
    second = (await send(at_the_door, VISITOR, "GET", f"challenges?limit=2&cursor={first['next_cursor']}")).json()
    assert [each["id"] for each in first["items"]] == posted[:0:-1]
    assert second["items"][0]["id"] == posted[0]
    assert second["next_cursor"] is None
