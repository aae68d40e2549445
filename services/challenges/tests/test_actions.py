"""The life of a challenge."""

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.challenges.claiming import claim
from services.challenges.posting import actions
from services.challenges.posting.actions import ACTIONS
from services.challenges.posting.challenge import CHINESE_STATES, Challenge
from services.challenges.posting.challenge import published as payload_of
from services.challenges.tests.building import (
    KEPT,
    NOW,
    POSTER,
    approved,
    closed,
    content,
    drafted,
    organization,
    poster,
    published,
    returned,
    submitted,
)
from shared.aggregates.decisions import SYSTEM, Decision
from shared.events.challenges import ChallengeStatus, Reason
from shared.values.ids import new_id
from shared.values.problems import FORBIDDEN, Refusal

MILLISECOND = timedelta(milliseconds=1)
REASONS = [Reason(field="problem", message="请补充")]


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.problem.code


def test_a_challenge_goes_from_draft_to_published() -> None:
    assert published().state == "published"
    assert published().published_at == NOW


def test_a_challenge_cannot_be_posted_in_another_city() -> None:
    elsewhere = poster(organization(jurisdiction="nanjing"))
    with pytest.raises(Refusal) as refused:
        actions.draft(new_id(), content().terms(), KEPT, elsewhere, "user-1", NOW)
    assert [(each.field, each.code) for each in refused.value.errors] == [("jurisdiction", "other_jurisdiction")]


def test_a_draft_that_makes_no_sense_is_refused_with_its_faults() -> None:
    assert code_of(lambda: drafted(period_months=99)) == "invalid"


def test_a_returned_challenge_shows_the_reasons_until_it_is_submitted_again() -> None:
    challenge = returned()
    assert challenge.return_reasons == tuple(REASONS)
    assert actions.submit(challenge, "user-1", NOW).state.return_reasons == ()


def test_a_returned_challenge_can_be_revised_and_a_submitted_one_cannot() -> None:
    decision = actions.revise(returned(), {"period_months": 12}, None, "user-1", NOW)
    assert decision is not None
    assert decision.state.period_months == 12
    assert code_of(lambda: actions.revise(submitted(), {"period_months": 12}, None, "user-1", NOW)) == "wrong_state"


def test_a_revision_that_changes_nothing_is_no_event() -> None:
    assert actions.revise(drafted(), {"period_months": 24}, None, "user-1", NOW) is None


def test_a_revision_that_makes_no_sense_is_refused() -> None:
    assert code_of(lambda: actions.revise(drafted(), {"period_months": 99}, None, "user-1", NOW)) == "invalid"


def test_a_draft_whose_deadline_has_passed_meanwhile_cannot_be_submitted() -> None:
    challenge = drafted()
    assert code_of(lambda: actions.submit(challenge, "user-1", challenge.deadline)) == "invalid"


def test_an_approved_challenge_whose_deadline_has_passed_can_only_be_sent_back() -> None:
    challenge = approved()
    assert code_of(lambda: actions.publish(challenge, "user-1", challenge.deadline)) == "deadline_in_the_past"
    assert actions.send_back(challenge, REASONS, "user-1", challenge.deadline).state.state == "returned"


def test_a_challenge_closes_one_millisecond_after_its_deadline_and_not_at_it() -> None:
    challenge = published()
    assert actions.close(challenge, challenge.deadline) is None
    decision = actions.close(challenge, challenge.deadline + MILLISECOND)
    assert decision is not None
    assert decision.state.closed_at == challenge.deadline + MILLISECOND


def test_a_challenge_closes_once() -> None:
    challenge = closed()
    assert actions.close(challenge, challenge.deadline + MILLISECOND) is None


def test_offers_say_why_an_action_is_refused() -> None:
    offers = {each.action: each for each in actions.offers(drafted(classified=True), lambda _: None, NOW)}
    assert offers["revise"].allowed
    assert offers["submit"].reason_code == "classified_matter"
    assert offers["publish"].reason_code == "wrong_state"
    assert offers["publish"].reason == "榜单当前为“草稿”，不能发布。请刷新后查看可进行的操作。"


def test_an_offer_says_what_is_wrong_with_the_challenge() -> None:
    challenge = drafted()
    offers = {each.action: each for each in actions.offers(challenge, lambda _: None, challenge.deadline)}
    assert offers["submit"].reason == "有 1 处填写有误，请按提示修改后重新提交。揭榜截止时间应晚于现在。"


def test_what_the_callers_place_forbids_is_offered_as_forbidden_whatever_the_state() -> None:
    offers = actions.offers(submitted(), lambda action: FORBIDDEN if action == "approve" else None, NOW)
    assert {each.action: each.reason_code for each in offers}["approve"] == "forbidden"


def test_nobody_is_offered_what_time_does() -> None:
    assert "close" not in {each.action for each in actions.offers(published(), lambda _: None, NOW)}


@pytest.mark.parametrize("disclosure", ["summary", "nda"])
def test_events_keep_the_problem_to_themselves_unless_it_is_disclosed_in_full(disclosure: str) -> None:
    event = payload_of(published(disclosure=disclosure))
    assert (event.problem, event.indicators) == (None, ())


def test_events_of_a_published_challenge_that_is_disclosed_in_full_tell_the_problem() -> None:
    event = payload_of(published(disclosure="full"))
    assert event.problem == content().problem
    assert [each.name for each in event.indicators] == ["腐蚀电流密度"]


def test_events_before_publication_never_tell_the_problem() -> None:
    assert payload_of(approved(disclosure="full")).problem is None


@pytest.mark.parametrize("challenge", [drafted(), submitted(), returned(), approved(), published(), closed()])
def test_no_event_holds_a_phone_number_or_a_credit_code(challenge: Challenge) -> None:
    event = payload_of(challenge).model_dump_json()
    assert KEPT.phone_sealed not in event
    assert KEPT.phone_masked not in event
    assert POSTER.credit_code not in event


DO: dict[str, Callable[[Challenge], Decision[Challenge] | None]] = {
    "revise": lambda challenge: actions.revise(
        challenge, {"period_months": challenge.period_months % 36 + 1}, None, "user-1", NOW
    ),
    "submit": lambda challenge: actions.submit(challenge, "user-1", NOW),
    "return": lambda challenge: actions.send_back(challenge, REASONS, "user-1", NOW),
    "approve": lambda challenge: actions.approve(challenge, "user-1", NOW),
    "publish": lambda challenge: actions.publish(challenge, "user-1", NOW),
    "close": lambda challenge: actions.close(challenge, challenge.deadline + MILLISECOND),
}


def test_every_row_of_the_table_can_be_done() -> None:
    assert set(DO) == set(ACTIONS)


@given(st.lists(st.sampled_from(sorted(DO)), max_size=30))
def test_no_sequence_of_actions_leaves_the_table(names: list[str]) -> None:
    challenge = drafted()
    for name in names:
        row = ACTIONS[name]
        try:
            decision = DO[name](challenge)
        except Refusal:
            assert challenge.state not in row.sources
            continue
        if decision is None:
            assert name == "close"
            assert challenge.state not in row.sources
            continue
        assert challenge.state in row.sources
        assert decision.state.state == (row.target or challenge.state)
        assert decision.happened == row.event
        assert (decision.action, decision.by) == (name, SYSTEM if row.who == "time" else "user-1")
        challenge = decision.state
    assert (challenge.published_at is not None) == challenge.is_public
    assert (challenge.closed_at is not None) == (challenge.state == "closed")


@given(st.lists(st.sampled_from(sorted(DO)), max_size=15))
def test_what_is_offered_is_exactly_what_can_be_done(names: list[str]) -> None:
    challenge = drafted()
    for name in names:
        offered = {each.action: each.allowed for each in actions.offers(challenge, lambda _: None, NOW)}
        try:
            decision = DO[name](challenge)
        except Refusal:
            assert offered.get(name) is False
            continue
        assert offered.get(name, True)
        challenge = decision.state if decision else challenge


@pytest.mark.parametrize(
    ("challenge", "public", "claimable"),
    [(drafted(), False, False), (approved(), False, False), (published(), True, True), (closed(), True, False)],
    ids=["draft", "approved", "published", "closed"],
)
def test_an_event_says_whether_everybody_may_see_the_challenge_and_whether_it_takes_claims(
    challenge: Challenge, public: bool, claimable: bool
) -> None:
    event = payload_of(challenge)
    assert (event.public, event.claimable) == (public, claimable)


def test_every_state_has_a_chinese_name() -> None:
    assert set(CHINESE_STATES) == set(get_args(ChallengeStatus))
    assert set(claim.CHINESE_STATES) == set(get_args(claim.ClaimStatus))
