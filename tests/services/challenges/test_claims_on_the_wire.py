"""The shapes of the public API of claims, through the routes."""

from typing import Any

import pytest

from services.challenges.claiming.store import Store
from shared.access.checking import Caller
from shared.values.ids import new_id
from tests.services.challenges.asking import Door, send, without_place
from tests.services.challenges.building import (
    CLAIMANT,
    CONSORTIUM,
    PARTNER,
    POSTER,
    SECOND_PARTNER,
    STRANGER,
    claim_body,
    published,
)


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


async def consented(door: Door, challenge_id: str) -> tuple[str, dict[str, Any]]:
    """The path of a claim that is submitted with its partner's consent, and the claim as its claimant sees it."""
    body = claim_body(consortium=CONSORTIUM)
    claim = (await send(door, CLAIMANT, "POST", f"challenges/{challenge_id}/claims", body)).json()
    path = f"claims/{claim['id']}"
    await send(door, PARTNER, "POST", f"{path}/consent", {"sha256": claim["receipt"]["sha256"]})
    return path, (await send(door, CLAIMANT, "POST", f"{path}/submit", {})).json()


async def test_a_change_of_a_submitted_text_waits_beside_it_for_the_partners_and_then_for_its_claimant(
    store: Store, at_the_door: Door
) -> None:
    path, before = await consented(at_the_door, (await published(store)).id)
    newer = claim_body(consortium=CONSORTIUM, approach="另一种方案")
    claim = (await send(at_the_door, CLAIMANT, "PUT", path, newer)).json()
    assert (claim["state"], claim["receipt"], claim["content"]) == ("submitted", before["receipt"], before["content"])
    assert (claim["pending"]["content"]["approach"], claim["pending"]["consents"][0]["consent"]) == (
        "另一种方案",
        "asked",
    )
    early = await send(at_the_door, CLAIMANT, "POST", f"{path}/submit", {})
    read = (await send(at_the_door, PARTNER, "GET", path)).json()
    stale = await send(at_the_door, PARTNER, "POST", f"{path}/consent", {"sha256": read["receipt"]["sha256"]})
    assert (early.json()["code"], stale.json()["code"]) == ("consents_missing", "content_changed")
    seen = {"sha256": read["pending"]["receipt"]["sha256"]}
    by_partner = (await send(at_the_door, PARTNER, "POST", f"{path}/consent", seen)).json()
    assert (by_partner["consent"], by_partner["pending"]["consent"]) == ("given", "given")
    after = (await send(at_the_door, CLAIMANT, "POST", f"{path}/submit", {})).json()
    assert (after["receipt"]["sha256"], after["content"]["approach"]) == (seen["sha256"], "另一种方案")
    assert after["receipt"]["submitted_at"] > before["receipt"]["submitted_at"]
    assert "pending" not in after
    verified = await send(at_the_door, CLAIMANT, "POST", f"{path}/verify", {"content": newer})
    assert verified.json() == {"matches": True}


async def test_to_put_back_what_is_submitted_takes_back_what_is_pending(store: Store, at_the_door: Door) -> None:
    path, before = await consented(at_the_door, (await published(store)).id)
    await send(at_the_door, CLAIMANT, "PUT", path, claim_body(consortium=CONSORTIUM, budget_fen=1))
    back = (await send(at_the_door, CLAIMANT, "PUT", path, claim_body(consortium=CONSORTIUM))).json()
    assert {**back, "version": before["version"]} == before


async def test_a_partner_that_only_the_pending_content_names_reads_that_one_alone(
    store: Store, at_the_door: Door
) -> None:
    challenge = await published(store)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", claim_body())).json()
    path = f"claims/{claim['id']}"
    alone = (await send(at_the_door, CLAIMANT, "POST", f"{path}/submit", {})).json()
    await send(at_the_door, CLAIMANT, "PUT", path, claim_body(consortium=CONSORTIUM))
    read = (await send(at_the_door, PARTNER, "GET", path)).json()
    assert read["pending"]["content"]["consortium"] == CONSORTIUM
    assert (read["receipt"]["salt"], "content" in read, "consent" in read) == (None, False, False)
    guessed = await send(at_the_door, PARTNER, "POST", f"{path}/verify", {"content": claim_body()})
    assert guessed.json() == {"matches": False}, "whoever may not read a content cannot try one out either"
    (listed,) = (await send(at_the_door, PARTNER, "GET", "claims?mine=true")).json()["items"]
    assert (listed["pending"], listed["consent"], listed["state"]) == (True, "asked", "submitted")
    assert {each["action"]: each["allowed"] for each in listed["actions"]} == {"consent": True, "refuse": True}
    await send(at_the_door, CLAIMANT, "PUT", path, claim_body())
    assert (await send(at_the_door, PARTNER, "GET", path)).status_code == 404
    assert (await send(at_the_door, CLAIMANT, "GET", path)).json()["receipt"] == alone["receipt"]


async def test_a_partner_that_the_pending_content_leaves_out_reads_the_submitted_one_alone(
    store: Store, at_the_door: Door
) -> None:
    path, before = await consented(at_the_door, (await published(store)).id)
    lead = {**CONSORTIUM[0], "cost_share": 60}
    other = {**CONSORTIUM[1], "organization_id": SECOND_PARTNER.organization_id}
    await send(at_the_door, CLAIMANT, "PUT", path, claim_body(consortium=[lead, other]))
    read = (await send(at_the_door, PARTNER, "GET", path)).json()
    assert (read["content"], read["consent"], "pending" in read) == (before["content"], "given", False)
    seen = {"sha256": before["receipt"]["sha256"]}
    answered = await send(at_the_door, PARTNER, "POST", f"{path}/consent", seen)
    assert (answered.status_code, answered.json()["code"]) == (409, "wrong_state")
    assert "pending" in (await send(at_the_door, SECOND_PARTNER, "GET", path)).json()


async def test_after_a_withdrawal_the_organisation_claims_again_as_often_as_it_likes(
    store: Store, at_the_door: Door
) -> None:
    """A turn's slot is never used again: the embedded server releases no value of a unique index by an update."""
    claims = f"challenges/{(await published(store)).id}/claims"
    for _ in range(3):
        claim = await send(at_the_door, CLAIMANT, "POST", claims, claim_body())
        second = await send(at_the_door, CLAIMANT, "POST", claims, claim_body())
        assert (claim.status_code, second.json()["code"]) == (201, "claim_exists")
        path = f"claims/{claim.json()['id']}"
        await send(at_the_door, CLAIMANT, "POST", f"{path}/submit", {})
        assert (await send(at_the_door, CLAIMANT, "POST", f"{path}/withdraw", {})).json()["state"] == "withdrawn"


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
    assert without_place(there) == without_place(nowhere)


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
