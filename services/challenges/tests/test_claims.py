"""The life of a claim."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.challenges.claiming import actions as claims
from services.challenges.claiming.claim import Claim
from services.challenges.claiming.claim import published as payload_of
from services.challenges.claiming.rules import faults_of
from services.challenges.claiming.sealing import seal
from services.challenges.posting.challenge import Challenge
from services.challenges.tests.building import (
    NAMES,
    NOW,
    POSTER,
    SEALER,
    approved,
    claim_content,
    claimed,
    closed,
    organization,
    published,
    setting,
)
from shared.values.ids import new_id
from shared.values.problems import Refusal

MILLISECOND = timedelta(milliseconds=1)
CLAIMANT, PARTNER = organization(jurisdiction="nanjing"), organization(jurisdiction="wuxi")
CHALLENGE = published()


def consortium(lead_cost: int = 60, partner: str = PARTNER.id) -> list[dict[str, Any]]:
    return [
        {"organization_id": CLAIMANT.id, "role": "lead", "cost_share": lead_cost, "ip_share": 50},
        {"organization_id": partner, "role": "partner", "cost_share": 100 - lead_cost, "ip_share": 50},
    ]


def faults(challenge: Challenge = CHALLENGE, **changes: Any) -> set[tuple[str, str]]:
    found = faults_of(claim_content(**changes).proposal(), setting(challenge, CLAIMANT, PARTNER, POSTER))
    return {(each.field, each.code) for each in found}


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.problem.code


def submit(claim: Claim, at: datetime = NOW) -> Claim:
    return claims.submit(claim, CHALLENGE, NAMES.person(claim.id, "user-2"), at).state


def replaced(claim: Claim, at: datetime = NOW, **changes: Any) -> Claim:
    sealed = seal(
        SEALER,
        NAMES,
        CHALLENGE.id,
        claim.id,
        organization_id=CLAIMANT.id,
        user_id="user-2",
        content=claim_content(**changes),
    )
    return claims.replace(claim, CHALLENGE, sealed, "person", at).state


def test_the_example_of_the_api_has_no_fault() -> None:
    assert faults() == set()
    assert faults(consortium=consortium()) == set()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"schedule": []}, ("schedule", "required")),
        ({"schedule": [{"name": "一期", "months": 0}]}, ("schedule[0].months", "out_of_range")),
        ({"schedule": [{"name": "一期", "months": 25}]}, ("schedule[0].months", "longer_than_period")),
        ({"promises": [{"indicator": "寿命", "value": "1"}] * 2}, ("promises[1].indicator", "duplicate")),
        ({"consortium": consortium()[1:]}, ("consortium", "one_lead")),
        ({"consortium": consortium(lead_cost=60)[:1]}, ("consortium[0].cost_share", "sum_not_100")),
        ({"consortium": consortium(partner=CLAIMANT.id)}, ("consortium[1].organization_id", "duplicate")),
        ({"consortium": consortium(partner=new_id())}, ("consortium[1].organization_id", "unknown_organization")),
        ({"consortium": consortium(partner=POSTER.id)}, ("consortium[1].organization_id", "own_challenge")),
        (
            {"consortium": [{**consortium()[0], "organization_id": PARTNER.id}, consortium()[1]]},
            ("consortium[0].organization_id", "lead_not_claimant"),
        ),
        ({"attachment_ids": ["x"]}, ("attachment_ids[0]", "unknown_attachment")),
    ],
)
def test_what_makes_no_sense_is_a_fault_at_its_field(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert fault in faults(**changes)


def test_a_consortium_keeps_to_the_terms_of_the_challenge() -> None:
    alone = published(consortium={"allowed": False, "max_partners": 0})
    assert ("consortium", "not_allowed") in faults(alone, consortium=consortium())
    one = published(consortium={"allowed": True, "max_partners": 1})
    two = [*consortium(), {**consortium()[1], "organization_id": new_id()}]
    assert ("consortium", "too_many_partners") in faults(one, consortium=two)


def test_promises_are_held_against_indicators_only_where_the_claimant_could_read_them() -> None:
    promises = [{"indicator": "不存在的指标", "value": "1"}]
    assert faults(published(disclosure="full"), promises=promises) == {("promises[0].indicator", "unknown_indicator")}
    assert faults(published(disclosure="nda"), promises=promises) == set()


def test_the_posting_organisation_cannot_claim_its_own_challenge() -> None:
    assert code_of(lambda: claims.admit(setting(CHALLENGE, POSTER), NOW)) == "own_challenge"


def test_an_organisation_with_the_posters_credit_code_cannot_claim_either() -> None:
    twin = organization(credit_code=POSTER.credit_code)
    assert code_of(lambda: claims.admit(setting(CHALLENGE, twin), NOW)) == "own_challenge"


def test_an_organisation_that_is_not_verified_cannot_claim() -> None:
    pending = organization(status="pending")
    assert code_of(lambda: claims.admit(setting(CHALLENGE, pending), NOW)) == "organization_not_verified"


def test_a_claim_at_the_deadline_is_in_time() -> None:
    claims.admit(setting(CHALLENGE, CLAIMANT), CHALLENGE.deadline)
    assert submit(claimed(CHALLENGE, CLAIMANT), CHALLENGE.deadline).submitted_at == CHALLENGE.deadline


def test_a_claim_one_millisecond_after_the_deadline_is_refused() -> None:
    late = CHALLENGE.deadline + MILLISECOND
    claim = claimed(CHALLENGE, CLAIMANT)
    assert code_of(lambda: claims.admit(setting(CHALLENGE, CLAIMANT), late)) == "deadline_passed"
    assert code_of(lambda: submit(claim, late)) == "deadline_passed"
    assert code_of(lambda: replaced(claim, late)) == "deadline_passed"
    assert code_of(lambda: claims.withdraw(claim, CHALLENGE, "person", late)) == "deadline_passed"


def test_the_refusal_after_the_deadline_says_when_it_was_in_shanghai() -> None:
    with pytest.raises(Refusal) as refused:
        claims.admit(setting(CHALLENGE, CLAIMANT), CHALLENGE.deadline + MILLISECOND)
    assert refused.value.detail == "本榜单已于 2027-01-31 23:59:59 截止揭榜，请关注同类榜单。"


def test_a_closed_challenge_takes_no_claim() -> None:
    assert code_of(lambda: claims.admit(setting(closed(), CLAIMANT), NOW)) == "deadline_passed"


def test_a_challenge_that_is_not_published_takes_no_claim() -> None:
    assert code_of(lambda: claims.admit(setting(approved(), CLAIMANT), NOW)) == "not_published"


def test_a_second_claim_is_refused_while_the_first_is_live() -> None:
    first = claimed(CHALLENGE, CLAIMANT)
    assert code_of(lambda: another(first)) == "claim_exists"
    assert code_of(lambda: another(submit(first))) == "claim_exists"


def test_after_a_withdrawal_there_is_a_next_turn() -> None:
    first = claims.withdraw(claimed(CHALLENGE, CLAIMANT), CHALLENGE, "person", NOW).state
    assert another(first).slot != first.slot


def test_two_claims_begun_at_once_want_the_same_slot() -> None:
    assert claimed(CHALLENGE, CLAIMANT).slot == claimed(CHALLENGE, CLAIMANT).slot


def another(earlier: Claim) -> Claim:
    sealed = seal(
        SEALER, NAMES, CHALLENGE.id, "next", organization_id=CLAIMANT.id, user_id="user-2", content=claim_content()
    )
    return claims.begin("next", CHALLENGE, earlier.claimant, "person", sealed, [earlier], NOW).state


def test_a_claim_is_not_submitted_without_the_commitment() -> None:
    claim = claimed(CHALLENGE, CLAIMANT, commitment_accepted=False)
    assert code_of(lambda: submit(claim)) == "commitment_missing"


def test_a_submitted_claim_cannot_be_replaced_by_one_without_the_commitment() -> None:
    claim = submit(claimed(CHALLENGE, CLAIMANT))
    assert code_of(lambda: replaced(claim, commitment_accepted=False)) == "commitment_missing"


def test_a_withdrawal_forgets_the_attempts_that_led_to_it() -> None:
    claim = claimed(CHALLENGE, CLAIMANT)
    assert claims.withdraw(claim, CHALLENGE, "person", NOW).forgets
    assert not claims.submit(claim, CHALLENGE, "person", NOW).forgets


def test_a_withdrawn_claim_keeps_nothing_of_its_content_and_stays_withdrawn() -> None:
    claim = claims.withdraw(submit(claimed(CHALLENGE, CLAIMANT)), CHALLENGE, "person", NOW).state
    assert (claim.state, claim.sealed) == ("withdrawn", None)
    assert code_of(lambda: submit(claim)) == "wrong_state"
    assert code_of(lambda: replaced(claim)) == "wrong_state"


def test_the_receipt_goes_to_who_began_and_to_who_submitted() -> None:
    began = claimed(CHALLENGE, CLAIMANT)
    claim = claims.submit(began, CHALLENGE, NAMES.person(began.id, "user-3"), NOW).state
    assert payload_of(claim).people == (NAMES.person(began.id, "user-2"), NAMES.person(began.id, "user-3"))
