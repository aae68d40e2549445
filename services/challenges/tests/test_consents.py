"""Consent: a partner consents to one content, and what is submitted is never anything else.

Contents stand here for sealed ones: the domain knows a content by its hash and by the partners that it names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.challenges.claiming import actions as claims
from services.challenges.claiming.claim import Claim, Partner, Version, without_stray_pending
from services.challenges.claiming.claim import published as payload_of
from services.challenges.tests.building import NOW, closed, published
from shared.aggregates.decisions import Decision
from shared.values.problems import Refusal

CHALLENGE, CLOSED = published(), closed()
LATER = NOW + timedelta(minutes=1)
A, B, STRANGER = "partner-a", "partner-b", "stranger"


def content(sha256: str, *partners: str, accepted: bool = True) -> Version:
    asked = tuple(Partner(organization=each) for each in partners)
    return Version(sealed=f"sealed {sha256}".encode(), sha256=sha256, partners=asked, commitment_accepted=accepted)


def begun(first: Version) -> Claim:
    return claims.begin("claim", CHALLENGE, "claimant", "person", first, [], NOW).state


def consent(claim: Claim, partner: str, sha256: str) -> Decision[Claim]:
    return claims.consent(claim, CHALLENGE, partner, sha256, "person", NOW)


def replace(claim: Claim, by: Version) -> Decision[Claim]:
    return claims.replace(claim, CHALLENGE, by, "person", LATER)


def submit(claim: Claim) -> Decision[Claim]:
    return claims.submit(claim, CHALLENGE, "person", LATER)


def submitted(*partners: str) -> Claim:
    """With everybody's consent to the content `first`."""
    claim = begun(content("first", *partners))
    for each in partners:
        claim = consent(claim, each, "first").state
    return submit(claim).state


def pending(*partners: str) -> Claim:
    """Submitted by a consortium with A, and the content `second` beside it."""
    return replace(submitted(A), content("second", *(partners or (A,)))).state


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.problem.code


def test_a_claim_is_submitted_once_every_partner_has_consented() -> None:
    claim = begun(content("first", A, B))
    one = consent(claim, A, "first").state
    both = consent(one, B, "first").state
    assert {code_of(lambda: submit(claim)), code_of(lambda: submit(one))} == {"consents_missing"}
    assert submit(both).state.state == "submitted"


def test_a_partner_that_refuses_keeps_the_claim_from_being_submitted() -> None:
    claim = consent(begun(content("first", A)), A, "first").state
    refused = claims.refuse(claim, CHALLENGE, A, "person", NOW).state
    assert code_of(lambda: submit(refused)) == "consents_missing"


def test_a_partner_cannot_take_its_consent_back_from_a_submitted_claim() -> None:
    assert code_of(lambda: claims.refuse(submitted(A), CHALLENGE, A, "person", NOW)) == "wrong_state"


def test_who_is_not_named_has_nothing_to_answer_to() -> None:
    assert code_of(lambda: consent(begun(content("first", A)), STRANGER, "first")) == "not_found"


def test_a_partner_consents_to_the_content_that_it_saw_and_to_no_other() -> None:
    claim = replace(begun(content("first", A)), content("second", A)).state
    assert code_of(lambda: consent(claim, A, "first")) == "content_changed"
    assert submit(consent(claim, A, "second").state).state.sha256 == "second"


def test_the_last_consent_is_published_and_no_other_is() -> None:
    claim = begun(content("first", A, B))
    first = consent(claim, A, "first")
    last = consent(first.state, B, "first")
    again = consent(last.state, A, "first")
    assert [each.happened for each in (first, last, again)] == [None, "claim.consented", None]
    assert last.state.state == "draft", "only `submit` submits"


def test_a_change_beside_a_submitted_claim_is_pending_and_asks_its_partners_anew() -> None:
    before = submitted(A)
    decision = replace(before, content("second", A))
    claim = decision.state
    assert claim.pending is not None
    assert (claim.pending.sha256, claim.pending.consents_missing) == ("second", 1)
    assert (claim.state, claim.sha256, claim.submitted_at) == ("submitted", "first", before.submitted_at)
    assert (decision.happened, payload_of(claim)) == (None, payload_of(before))


def test_a_pending_content_takes_the_place_of_the_submitted_one_when_it_is_submitted_and_not_before() -> None:
    claim = pending()
    assert code_of(lambda: submit(claim)) == "consents_missing"
    assert code_of(lambda: consent(claim, A, "first")) == "content_changed"
    decision = consent(claim, A, "second")
    assert (decision.happened, decision.state.sha256) == ("claim.consented", "first")
    decision = submit(decision.state)
    after = decision.state
    assert (after.sha256, after.submitted_at, after.pending) == ("second", LATER, None)
    assert decision.happened == "claim.replaced", "the poster is not told of another claim"
    assert code_of(lambda: submit(after)) == "wrong_state"


def test_a_newer_content_takes_the_place_of_a_pending_one_and_nobody_has_consented_to_it() -> None:
    claim = replace(consent(pending(), A, "second").state, content("third", A)).state
    assert claim.pending is not None
    assert (claim.sha256, claim.pending.sha256, claim.pending.consents_missing) == ("first", "third", 1)


def test_what_asks_nobody_is_submitted_at_once() -> None:
    for before in (submitted(), pending()):
        decision = replace(before, content("alone"))
        after = decision.state
        assert (after.state, after.sha256, after.submitted_at, after.pending) == ("submitted", "alone", LATER, None)
        assert decision.happened == "claim.replaced"


def test_to_put_back_what_is_submitted_takes_back_what_is_pending() -> None:
    claim = pending()
    assert claim.standing is not None
    decision = replace(claim, claim.standing)
    back = decision.state
    assert (back.pending, back.sha256, back.submitted_at, decision.happened) == (
        None,
        "first",
        claim.submitted_at,
        None,
    )
    assert back.standing == claim.standing


def test_to_put_the_same_content_again_changes_nothing_and_asks_nobody() -> None:
    draft, waiting = consent(begun(content("first", A)), A, "first").state, consent(pending(), A, "second").state
    for claim, same in ((draft, draft.standing), (waiting, waiting.pending), (submitted(A), submitted(A).standing)):
        assert same is not None
        decision = replace(claim, same)
        assert (decision.state, decision.happened) == (claim, None)


def test_a_partner_that_the_pending_content_leaves_out_is_shown_the_submitted_one_alone() -> None:
    claim = pending(B)
    assert claim.seen_by(A).pending is None
    assert claim.shows_content_to(A)
    assert code_of(lambda: consent(claim, A, "first")) == "wrong_state"
    assert [each.allowed for each in claims.offers(claim.seen_by(A), CHALLENGE, "partner", NOW)] == [False, False]


def test_a_partner_that_only_the_pending_content_names_is_not_shown_the_submitted_one() -> None:
    claim = pending(B)
    assert claim.names(B)
    assert not claim.shows_content_to(B)
    assert claim.seen_by(B).pending is not None
    assert [each.allowed for each in claims.offers(claim.seen_by(B), CHALLENGE, "partner", NOW)] == [True, True]


def test_a_withdrawal_erases_what_is_pending_too() -> None:
    claim = claims.withdraw(pending(), CHALLENGE, "person", NOW).state
    assert (claim.state, claim.sealed, claim.pending) == ("withdrawn", None, None)


def test_the_close_drops_what_is_pending_and_what_was_submitted_stands() -> None:
    claim = pending()
    decision = claims.fence(claim, LATER)
    assert decision is not None
    assert decision.state == claim.model_copy(update={"pending": None, "fenced": True})
    assert claims.fence(decision.state, LATER) is None
    assert claim.seen_on(CLOSED).pending is None, "nor is it shown before the sweep came by"


@pytest.mark.parametrize(
    ("state", "fenced", "stays"), [("submitted", False, True), ("submitted", True, False), ("withdrawn", False, False)]
)
def test_what_version_0_1_left_beside_a_claim_that_it_withdrew_or_fenced_is_gone(
    state: str, fenced: bool, stays: bool
) -> None:
    kept = {**pending().model_dump(), "state": state, "fenced": fenced}
    assert (without_stray_pending(kept)["pending"] is not None) is stays


@dataclass
class Walk:
    """A claim, what was consented to, and every content that anybody ever saw."""

    claim: Claim
    shown: list[Version]
    consents: set[tuple[str, str]] = field(default_factory=set)
    was_submitted: bool = False
    is_closed: bool = False

    def take(self, work: Callable[[], Decision[Claim] | None]) -> bool:
        """Whether it was done and not refused; whatever others may see changes with an event alone."""
        try:
            decision = work()
        except Refusal:
            return False
        if decision is None:
            return False
        assert decision.happened or payload_of(decision.state) == payload_of(self.claim)
        self.claim = decision.state
        return True


Step = tuple[object, ...]
STEPS: list[Step] = [
    *[("new", partners, True) for partners in ((), (A,), (A, B), (B,))],
    ("new", (A,), False),
    *[("known", which) for which in ("standing", "pending")],
    *[("consent", who, True) for who in (A, A, A, B, B, STRANGER)],
    ("consent", A, False),
    *[("refuse", who) for who in (A, B, STRANGER)],
    *[("submit",)] * 5,
]
"""What people do, as often as makes walks that get somewhere."""
WALKS = st.tuples(
    st.lists(st.sampled_from(STEPS), min_size=10, max_size=40),
    st.sampled_from([[("close",)], [("withdraw",)]]),
    st.lists(st.sampled_from(STEPS), max_size=5),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])


def step(walk: Walk, kind: str, *drawn: object) -> None:
    claim, challenge = walk.claim, CLOSED if walk.is_closed else CHALLENGE
    before = (claim.sha256, claim.submitted_at)
    match kind, drawn:
        case "new", (tuple() as partners, bool() as accepted):
            new = content(f"content {len(walk.shown)}", *partners, accepted=accepted)
            walk.shown.append(new)
            walk.take(lambda: claims.replace(claim, challenge, new, "person", LATER))
            assert not new.partners or claim.state == "draft" or (walk.claim.sha256, walk.claim.submitted_at) == before
        case "known", (str() as which,):
            kept = claim.standing if which == "standing" else claim.pending
            if kept is not None and walk.take(lambda: claims.replace(claim, challenge, kept, "person", LATER)):
                assert (walk.claim.sha256, walk.claim.submitted_at) == before
        case "consent", (str() as who, bool() as of_newest):
            sha256 = walk.shown[-1 if of_newest else 0].sha256
            if walk.take(lambda: claims.consent(claim, challenge, who, sha256, "person", LATER)):
                walk.consents.add((who, sha256))
                assert (walk.claim.sha256, walk.claim.submitted_at) == before
        case "refuse", (str() as who,):
            asked = claim.unsubmitted
            if walk.take(lambda: claims.refuse(claim, challenge, who, "person", LATER)):
                assert asked is not None
                walk.consents.discard((who, asked.sha256))
        case "submit", ():
            walk.was_submitted |= walk.take(lambda: claims.submit(claim, challenge, "person", LATER))
        case "withdraw", ():
            walk.take(lambda: claims.withdraw(claim, challenge, "person", LATER))
        case _:
            walk.is_closed = True
            walk.take(lambda: claims.fence(claim, LATER))
            assert walk.claim.sha256 == claim.sha256


@settings(max_examples=300)
@given(WALKS)
def test_what_is_submitted_is_what_every_partner_of_it_consented_to_and_stays_so(steps: list[Step]) -> None:
    first = content("content 0", A)
    walk = Walk(begun(first), [first])
    for kind, *drawn in steps:
        step(walk, str(kind), *drawn)
        claim = walk.claim
        if claim.state == "submitted":
            assert {(each.organization, claim.sha256) for each in claim.partners} <= walk.consents
            assert claim.commitment_accepted
        assert not walk.was_submitted or claim.state in ("submitted", "withdrawn")
        assert claim.pending is None or (claim.state == "submitted" and not walk.is_closed)
        assert not walk.is_closed or claim.state != "draft"
