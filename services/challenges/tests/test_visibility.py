"""Who sees what of a challenge, and where claims show."""

import pytest

from services.challenges.claiming.actions import CLAIM_ACTIONS
from services.challenges.posting.actions import ACTIONS
from services.challenges.posting.challenge import Challenge
from services.challenges.posting.queries import shelves_of
from services.challenges.posting.views import ChallengeView, challenge_view
from services.challenges.posting.visibility import FIELDS, facts_of, show
from services.challenges.tests.building import NOW, POSTER, closed, drafted, published, returned, submitted
from shared.access.checking import VISITOR, Caller, allows
from shared.access.rules import Relation
from shared.access.table import RULES
from shared.events.accounts import Role
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

PERSONAL = PersonalData(b"k" * 32)


def operator(city: str) -> Caller:
    return Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction(city))}))


POSTER_ADMIN = Caller("admin", frozenset({(Role.ORG_ADMIN, None)}), organization_id=POSTER.id)
OTHER_ADMIN = Caller("other", frozenset({(Role.ORG_ADMIN, None)}), organization_id="other")
ALLIANCE = Caller("alliance", frozenset({(Role.ALLIANCE_OPERATOR, None)}))
COLLEAGUE = Caller("colleague", frozenset({(Role.MEMBER, None)}), organization_id=POSTER.id)


def with_phone(challenge: Challenge) -> Challenge:
    sealed = PERSONAL.seal("051212345678", f"challenge/{challenge.id}")
    return challenge.model_copy(update={"contact": challenge.contact.model_copy(update={"phone_sealed": sealed})})


def seen(challenge: Challenge, caller: Caller) -> dict[str, object]:
    view = challenge_view(with_phone(challenge), 3, 0, caller, NOW, PERSONAL)
    return view.model_dump(mode="json", exclude_unset=True)


@pytest.mark.parametrize("caller", [VISITOR, OTHER_ADMIN, COLLEAGUE, ALLIANCE, operator("suzhou"), operator("nanjing")])
def test_a_draft_is_unknown_to_all_but_its_organisation(caller: Caller) -> None:
    show(drafted(), POSTER_ADMIN)
    with pytest.raises(Refusal) as refused:
        show(drafted(), caller)
    assert refused.value.problem.code == "not_found"


@pytest.mark.parametrize("caller", [VISITOR, OTHER_ADMIN, COLLEAGUE, operator("nanjing")])
def test_a_submitted_challenge_is_known_to_its_own_city_and_to_no_other(caller: Caller) -> None:
    show(submitted(), operator("suzhou"))
    with pytest.raises(Refusal) as refused:
        show(submitted(), caller)
    assert refused.value.problem.code == "not_found"


@pytest.mark.parametrize("challenge", [published(), closed()])
def test_everybody_sees_a_published_challenge(challenge: Challenge) -> None:
    show(challenge, VISITOR)


def test_every_field_of_the_answer_stands_in_the_table_and_the_other_way_round() -> None:
    assert set(FIELDS) == set(ChallengeView.model_fields)


def test_the_public_reads_no_problem_no_reasons_and_no_phone_number() -> None:
    answer = seen(published(), VISITOR)
    assert not {"problem", "indicators", "return_reasons", "classified"} & set(answer)
    assert answer["contact"] == {"name": "联系人", "phone": "0512-****5678"}


def test_the_public_reads_the_problem_where_it_is_disclosed_in_full() -> None:
    assert {"problem", "indicators"} <= set(seen(published(disclosure="full"), VISITOR))


def test_disclosure_in_full_begins_with_publication() -> None:
    assert "problem" not in seen(submitted(disclosure="full"), ALLIANCE)


@pytest.mark.parametrize("caller", [POSTER_ADMIN, operator("suzhou")])
def test_poster_and_city_read_everything(caller: Caller) -> None:
    answer = seen(returned(), caller)
    assert set(answer) == set(FIELDS)
    assert answer["contact"] == {"name": "联系人", "phone": "051212345678"}


def test_a_visitor_is_told_to_log_in_and_others_that_it_is_not_theirs_to_do() -> None:
    def codes(caller: Caller) -> set[object]:
        offers = challenge_view(with_phone(published()), 1, 0, caller, NOW, PERSONAL).actions
        return {each.reason_code for each in offers}

    assert codes(VISITOR) == {"token_missing"}
    assert codes(OTHER_ADMIN) == {"forbidden"}


@pytest.mark.parametrize("name", ACTIONS)
def test_the_access_table_lets_whom_the_row_names_take_an_action(name: str) -> None:
    action = ACTIONS[name]
    if action.who == "time":
        assert f"challenges.{action.name}" not in RULES
        return
    facts = facts_of(submitted())
    allowed = {
        "poster": allows(f"challenges.{action.name}", POSTER_ADMIN, facts),
        "city": allows(f"challenges.{action.name}", operator("suzhou"), facts),
    }
    assert allowed == {who: who == action.who for who in allowed}
    assert not allows(f"challenges.{action.name}", operator("nanjing"), facts)
    assert not allows(f"challenges.{action.name}", OTHER_ADMIN, facts)


def test_the_access_table_knows_every_action_on_a_claim() -> None:
    names = {"consent": "consent-to-claim"}
    rules = {
        row.name: RULES[f"challenges.{names.get(row.name, f'{row.name}-claim')}"] for row in CLAIM_ACTIONS.values()
    }
    for row in CLAIM_ACTIONS.values():
        relation = Relation.OWN_ORGANIZATION if row.who == "claimant" else Relation.SELF
        assert rules[row.name].allow == {Role.ORG_ADMIN: relation}


PUBLIC = {"state.state": {"$in": ["closed", "published"]}}


def test_a_visitor_lists_what_is_public_and_nothing_else() -> None:
    assert shelves_of(VISITOR, None, None, mine=False) == [PUBLIC]
    assert shelves_of(VISITOR, None, "draft", mine=False) == []


def test_an_organisation_lists_its_own_too_and_only_those_when_asked_for() -> None:
    own = {"state.organization.id": POSTER.id}
    assert shelves_of(POSTER_ADMIN, None, None, mine=False) == [PUBLIC, own]
    assert shelves_of(POSTER_ADMIN, None, "draft", mine=True) == [{**own, "state.state": "draft"}]


def test_a_city_lists_its_own_from_the_first_submission_on() -> None:
    shelves = shelves_of(operator("suzhou"), None, "submitted", mine=False)
    assert shelves == [{"state.jurisdiction": "suzhou", "state.state": "submitted"}]
    assert shelves_of(operator("suzhou"), None, "draft", mine=False) == []


def test_a_city_that_asks_for_another_lists_only_what_is_public_there() -> None:
    shelves = shelves_of(operator("suzhou"), Jurisdiction.NANJING, None, mine=False)
    assert shelves == [{**PUBLIC, "state.jurisdiction": "nanjing"}]
