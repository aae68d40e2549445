"""The shapes of the public API, through the routes."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from services.challenges.claiming.store import Store
from shared.access.checking import VISITOR, Caller
from shared.values.ids import new_id
from tests.services.challenges.building import (
    CITY,
    CLAIMANT,
    CONSORTIUM,
    NEIGHBOUR,
    PARTNER,
    POSTER,
    STRANGER,
    challenge_body,
    claim_body,
    drafted,
    published,
)

Door = Callable[[Caller], httpx2.AsyncClient]


async def send(door: Door, caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    key = {} if method == "GET" else {"idempotency-key": headers.pop("key", new_id())}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with door(caller) as client:
        return await client.request(method, path, json=body, headers={**key, **sent})


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
    assert _without_place(there) == _without_place(nowhere)
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


async def test_a_claim_is_a_sealed_draft_and_its_submission_gives_the_receipt(store: Store, at_the_door: Door) -> None:
    challenge = await published(store)
    drafted_claim = await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", claim_body())
    claim = drafted_claim.json()
    assert (drafted_claim.status_code, claim["state"], claim["receipt"]["submitted_at"]) == (201, "draft", None)
    submitted = (await send(at_the_door, CLAIMANT, "POST", f"claims/{claim['id']}/submit", {})).json()
    assert submitted["state"] == "submitted"
    assert submitted["receipt"]["claim_id"] == claim["id"]
    assert submitted["receipt"]["sha256"] == claim["receipt"]["sha256"]
    assert submitted["receipt"]["submitted_at"].endswith("Z")
    poster = await send(at_the_door, POSTER, "GET", f"challenges/{challenge.id}/claims")
    assert poster.json() == {"sealed": True, "count": 1}


async def test_a_receipt_is_verified_against_the_content(store: Store, at_the_door: Door) -> None:
    challenge = await published(store)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", claim_body())).json()
    path = f"claims/{claim['id']}/verify"
    same = await send(at_the_door, CLAIMANT, "POST", path, {"content": claim_body()})
    other = await send(at_the_door, CLAIMANT, "POST", path, {"content": claim_body(budget_fen=1)})
    assert (same.json(), other.json()) == ({"matches": True}, {"matches": False})


async def test_partners_consent_for_themselves_and_the_claim_waits_for_them(store: Store, at_the_door: Door) -> None:
    challenge, body = await published(store), claim_body(consortium=CONSORTIUM)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", body)).json()
    path = f"claims/{claim['id']}"
    early = await send(at_the_door, CLAIMANT, "POST", f"{path}/submit", {})
    seen = {"sha256": claim["receipt"]["sha256"]}
    by_claimant = await send(at_the_door, CLAIMANT, "POST", f"{path}/consent", seen)
    by_stranger = await send(at_the_door, STRANGER, "POST", f"{path}/consent", seen)
    by_partner = await send(at_the_door, PARTNER, "POST", f"{path}/consent", seen)
    assert (early.status_code, early.json()["code"]) == (409, "consents_missing")
    assert (by_claimant.status_code, by_stranger.status_code) == (403, 404)
    assert by_partner.json()["consent"] == "given"
    assert "consents" not in by_partner.json()
    assert (await send(at_the_door, CLAIMANT, "POST", f"{path}/submit", {})).json()["state"] == "submitted"


async def test_a_partner_consents_to_the_content_that_it_read_and_to_no_other(store: Store, at_the_door: Door) -> None:
    challenge, body = await published(store), claim_body(consortium=CONSORTIUM)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", body)).json()
    path = f"claims/{claim['id']}"
    read = (await send(at_the_door, PARTNER, "GET", path)).json()
    assert (read["content"]["approach"], read["consent"]) == (body["approach"], "asked")
    shares = [{**CONSORTIUM[0], "cost_share": 10}, {**CONSORTIUM[1], "cost_share": 90}]
    await send(at_the_door, CLAIMANT, "PUT", path, claim_body(consortium=shares))
    late = await send(at_the_door, PARTNER, "POST", f"{path}/consent", {"sha256": read["receipt"]["sha256"]})
    assert (late.status_code, late.json()["code"]) == (409, "content_changed")
    again = (await send(at_the_door, PARTNER, "GET", path)).json()
    fine = await send(at_the_door, PARTNER, "POST", f"{path}/consent", {"sha256": again["receipt"]["sha256"]})
    assert (fine.status_code, fine.json()["consent"]) == (200, "given")


async def test_an_organisation_lists_its_claims_as_lead_and_as_partner_in_whatever_state(
    store: Store, at_the_door: Door
) -> None:
    challenges = [await published(store) for _ in range(3)]
    claims = []
    for challenge in challenges:
        body = claim_body(consortium=CONSORTIUM)
        claims.append((await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", body)).json())
    await send(at_the_door, CLAIMANT, "POST", f"claims/{claims[0]['id']}/withdraw", {})
    mine = (await send(at_the_door, CLAIMANT, "GET", "claims?mine=true")).json()["items"]
    listed = [(each["id"], each["state"], each["role"]) for each in mine]
    states = ["withdrawn", "draft", "draft"]
    assert listed == [(claims[n]["id"], states[n], "lead") for n in (2, 1, 0)]
    assert mine[0]["challenge"]["title"] == challenges[2].title
    assert {each["action"]: each["allowed"] for each in mine[0]["actions"]} == {
        "replace": True,
        "submit": False,
        "withdraw": True,
    }
    theirs = (await send(at_the_door, PARTNER, "GET", "claims?mine=true&state=draft")).json()["items"]
    assert [(each["id"], each["role"], each["consent"]) for each in theirs] == [
        (claims[n]["id"], "partner", "asked") for n in (2, 1)
    ]
    assert (await send(at_the_door, STRANGER, "GET", "claims?mine=true")).json()["items"] == []
    assert (await send(at_the_door, CLAIMANT, "GET", "claims?state=nonsense")).status_code == 422


async def test_pages_of_ones_own_claims_go_on_where_the_last_one_ended(store: Store, at_the_door: Door) -> None:
    ids = []
    for _ in range(3):
        path = f"challenges/{(await published(store)).id}/claims"
        ids.append((await send(at_the_door, CLAIMANT, "POST", path, claim_body())).json()["id"])
    first = (await send(at_the_door, CLAIMANT, "GET", "claims?mine=true&limit=2")).json()
    rest = (await send(at_the_door, CLAIMANT, "GET", f"claims?mine=true&limit=2&cursor={first['next_cursor']}")).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == ids[::-1]
    assert rest["next_cursor"] is None


async def test_a_partner_that_was_left_out_lists_the_claim_no_longer(store: Store, at_the_door: Door) -> None:
    path, body = f"challenges/{(await published(store)).id}/claims", claim_body(consortium=CONSORTIUM)
    claim = (await send(at_the_door, CLAIMANT, "POST", path, body)).json()
    await send(at_the_door, CLAIMANT, "PUT", f"claims/{claim['id']}", claim_body())
    assert (await send(at_the_door, PARTNER, "GET", "claims?mine=true")).json()["items"] == []
    await send(at_the_door, CLAIMANT, "PUT", f"claims/{claim['id']}", body)
    assert len((await send(at_the_door, PARTNER, "GET", "claims?mine=true")).json()["items"]) == 1


async def test_a_receipt_can_be_verified_by_its_salt(store: Store, at_the_door: Door) -> None:
    challenge = await published(store)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", claim_body())).json()
    path, receipt = f"claims/{claim['id']}/verify", claim["receipt"]
    mine = await send(at_the_door, CLAIMANT, "POST", path, {"content": claim_body(), "salt": receipt["salt"]})
    other = await send(at_the_door, CLAIMANT, "POST", path, {"content": claim_body(), "salt": "0" * 64})
    assert (mine.json(), other.json()) == ({"matches": True}, {"matches": False})


@pytest.mark.parametrize("caller", [POSTER, STRANGER], ids=["the poster", "a stranger"])
async def test_anothers_claim_answers_as_if_it_did_not_exist(store: Store, at_the_door: Door, caller: Caller) -> None:
    challenge, body = await published(store), claim_body(consortium=CONSORTIUM)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", body)).json()
    there = await send(at_the_door, caller, "GET", f"claims/{claim['id']}")
    nowhere = await send(at_the_door, caller, "GET", f"claims/{new_id()}")
    assert there.status_code == 404
    assert _without_place(there) == _without_place(nowhere)


async def test_an_error_in_a_claim_does_not_repeat_what_was_sent(store: Store, at_the_door: Door) -> None:
    challenge = await published(store)
    body = claim_body(approach=["canary"], lead={"name": "canary" * 100, "title": 5}, consortium=[{"role": "canary"}])
    answer = await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", body)
    assert answer.status_code == 422
    assert "canary" not in answer.text


@pytest.mark.parametrize("caller", [POSTER, STRANGER], ids=["the poster", "the same credit code"])
async def test_nobody_claims_his_own_challenge(store: Store, at_the_door: Door, caller: Caller) -> None:
    challenge = await published(store)
    answer = await send(at_the_door, caller, "POST", f"challenges/{challenge.id}/claims", claim_body())
    assert (answer.status_code, answer.json()["code"]) == (403, "own_challenge")


def _without_place(answer: httpx2.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}
