"""A sealed claim: nobody reads it, and only itself opens it."""

import dataclasses
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.challenges.claiming import actions as claims
from services.challenges.claiming.claim import Version
from services.challenges.claiming.claim import published as payload_of
from services.challenges.claiming.content import ClaimContent, canonical, sha256_of
from services.challenges.claiming.examples import CLAIM
from services.challenges.claiming.rules import faults_of
from services.challenges.claiming.sealing import Opened, seal, unseal
from services.challenges.tests.building import (
    NAMES,
    NOW,
    SEALER,
    claim_content,
    organization,
    published,
    setting,
)
from shared.aggregates.attempts import Attempt, digest_of
from shared.events.challenges import ClaimState
from shared.secrets import CannotOpen, MasterKey

CHALLENGE = published()


def sealed_from(organization_id: str, user_id: str, content: ClaimContent) -> Version:
    return seal(SEALER, NAMES, CHALLENGE.id, "claim", organization_id=organization_id, user_id=user_id, content=content)


def planted(canary: str) -> ClaimContent:
    """A claim with the canary in every text."""

    def plant(value: Any) -> Any:
        if isinstance(value, str):
            return canary
        if isinstance(value, dict):
            return {name: plant(inner) if name != "role" else inner for name, inner in value.items()}
        return [plant(each) for each in value] if isinstance(value, list) else value

    shares = [{"organization_id": "x", "role": "partner", "cost_share": 40, "ip_share": 50}]
    return ClaimContent.model_validate(plant({**CLAIM, "consortium": shares, "attachment_ids": ["x"]}))


@given(st.text("abcdefghijklmnop", min_size=16, max_size=40))
def test_a_planted_canary_is_in_no_event_and_in_nothing_that_is_kept(canary: str) -> None:
    organization_id, user_id = f"o{canary}", f"u{canary}"
    sealed = sealed_from(organization_id, user_id, planted(canary))
    claimant, person = NAMES.organization(CHALLENGE.id, organization_id), NAMES.person("claim", user_id)
    drafted = claims.begin("claim", CHALLENGE, claimant, person, sealed, [], NOW).state
    again = sealed_from(organization_id, user_id, planted(canary))
    replaced = claims.replace(drafted, CHALLENGE, again, "person", NOW).state
    beside = replaced.model_copy(update={"state": "submitted", "pending": sealed})
    for claim in (drafted, replaced, beside, claims.withdraw(beside, CHALLENGE, "person", NOW).state):
        assert canary not in payload_of(claim).model_dump_json()
        assert canary not in repr(claim)
        assert canary not in repr(claim.model_dump())


def test_no_repr_and_no_message_shows_content() -> None:
    content = planted("canary-canary-canary")
    sealed = sealed_from("canary-organization", "canary-user", content)
    opened = unseal(SEALER, CHALLENGE.id, "claim", sealed.sealed)
    faults = faults_of(content.proposal(), setting(CHALLENGE, organization()))
    for shown in (
        repr(content),
        str(content),
        f"{content.lead}",
        repr(opened),
        repr(opened.proposal),
        f"{opened.proposal.lead}",
        repr(faults),
        repr(sealed),
    ):
        assert "canary" not in f"{shown} {shown!r}"


def test_a_validation_error_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        ClaimContent.model_validate({**CLAIM, "approach": ["canary"], "budget_fen": "canary"})
    assert "canary" not in str(refused.value)


def test_the_event_of_a_claim_has_no_field_for_its_content() -> None:
    assert set(ClaimState.model_fields) == {"id", "challenge_id", "state", "sha256", "submitted_at", "people"}


@given(st.text(st.sampled_from("甲 \n\t\u200b\u200d\u202e\u2800\ufe0f❤💻"), max_size=20))
def test_a_claim_opens_to_what_its_receipt_says_whatever_was_typed(typed: str) -> None:
    """Reading cleans what was kept once more, and must find nothing to do."""
    content = claim_content(approach=f"{typed}甲{typed}", lead={"name": f"甲{typed}", "title": f"乙{typed}丙"})
    sealed = sealed_from("organization", "user", content)
    opened = unseal(SEALER, CHALLENGE.id, "claim", sealed.sealed)
    shown = ClaimContent.model_validate(opened.proposal.model_dump(mode="json"))
    assert sha256_of(shown, opened.salt) == sealed.sha256


def test_what_was_sealed_opens_as_it_was() -> None:
    sealed = sealed_from("organization", "user", claim_content())
    back = unseal(SEALER, CHALLENGE.id, "claim", sealed.sealed)
    assert (back.organization_id, back.user_id) == ("organization", "user")
    assert back.proposal == claim_content().proposal()
    assert sealed.sha256 == sha256_of(claim_content(), back.salt)


@pytest.mark.parametrize(
    ("challenge_id", "claim_id"),
    [(CHALLENGE.id, "other"), ("other", "claim")],
    ids=["another claim", "another challenge"],
)
def test_a_sealed_claim_does_not_open_in_anothers_place(challenge_id: str, claim_id: str) -> None:
    sealed = seal(SEALER, NAMES, CHALLENGE.id, "claim", organization_id="o", user_id="u", content=claim_content())
    with pytest.raises(CannotOpen):
        unseal(SEALER, challenge_id, claim_id, sealed.sealed)


def test_a_claim_does_not_open_with_another_challenges_key() -> None:
    other, _ = MasterKey(b"m" * 32).new_data_key("other")
    sealed = seal(SEALER, NAMES, CHALLENGE.id, "claim", organization_id="o", user_id="u", content=claim_content())
    with pytest.raises(CannotOpen):
        unseal(other, CHALLENGE.id, "claim", sealed.sealed)


def test_the_same_content_never_looks_the_same_sealed() -> None:
    one, other = (sealed_from("o", "u", claim_content()) for _ in range(2))
    assert one.sealed != other.sealed
    assert one.sha256 != other.sha256


def test_the_hash_on_a_receipt_cannot_be_checked_without_its_salt() -> None:
    sealed = sealed_from("o", "u", claim_content())
    salt = unseal(SEALER, CHALLENGE.id, "claim", sealed.sealed).salt
    assert sha256_of(claim_content(), salt) == sealed.sha256
    assert sha256_of(claim_content(), "0" * 64) != sealed.sha256
    assert sha256_of(claim_content(), "") != sealed.sha256


def test_the_canonical_form_of_a_content_is_the_same_for_ever() -> None:
    """Receipts that were handed out are verified by it: a change here breaks every one of them."""
    minimal = claim_content(members=[], consortium=[], promises=[], schedule=[], attachment_ids=[], budget_fen=1)
    assert canonical(minimal, "5a17").decode() == (
        '{"content":{"approach":"采用梯度过渡层与致密面层结合的涂层结构。","budget_fen":1,"commitment_accepted":true,'
        '"lead":{"name":"负责人","title":"研究员"},"promises":[],"schedule":[]},"salt":"5a17"}'
    )


def test_what_a_claim_remembers_of_an_attempt_says_nothing_about_its_body_or_its_caller() -> None:
    made = Attempt("user", "key", digest_of("POST", "/claims", "", b"guessed"))
    kept = NAMES.attempt(made, "user")
    assert made.digest not in str(kept.remembered())
    assert made.mark not in str(kept.remembered())
    assert NAMES.attempt(made, "user") == kept
    assert NAMES.attempt(replace(made, digest=digest_of("POST", "/claims", "", b"other")), "user").digest != kept.digest


def test_the_hash_does_not_mind_the_order_of_fields_and_minds_every_value() -> None:
    turned = ClaimContent.model_validate(dict(reversed(CLAIM.items())))
    assert sha256_of(turned, "5a17") == sha256_of(claim_content(), "5a17")
    assert sha256_of(claim_content(budget_fen=250000001), "5a17") != sha256_of(claim_content(), "5a17")


def test_one_organisation_has_another_pseudonym_in_another_challenge() -> None:
    assert NAMES.organization("challenge-1", "organization") != NAMES.organization("challenge-2", "organization")


def test_an_opened_claim_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Opened("o", "u", claim_content().proposal(), "5a17").user_id = "other"  # type: ignore[misc]
