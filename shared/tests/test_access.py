"""The rules decide as the table says, and nothing that it does not name is allowed."""

import pytest

from shared.access.checking import VISITOR, Caller, Facts, admit, allows, check, cities_listed
from shared.access.table import RULES
from shared.events.accounts import Role
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

SUZHOU, WUXI = Jurisdiction.SUZHOU, Jurisdiction.WUXI


def operator(city: Jurisdiction) -> Caller:
    return Caller("op", frozenset({(Role.MEMBER, None), (Role.CITY_OPERATOR, city)}))


def admin(organization: str) -> Caller:
    return Caller("boss", frozenset({(Role.MEMBER, None), (Role.ORG_ADMIN, None)}), organization)


def refused(action: str, caller: Caller, facts: Facts) -> str:
    with pytest.raises(Refusal) as refusal:
        check(action, caller, facts)
    return refusal.value.problem.code


def test_a_city_operator_approves_in_the_own_city_and_does_not_see_another_citys() -> None:
    check("challenges.approve", operator(SUZHOU), Facts(SUZHOU, "o1"))
    assert refused("challenges.approve", operator(WUXI), Facts(SUZHOU, "o1")) == "not_found"


def test_what_is_public_may_be_seen_so_the_refusal_says_forbidden() -> None:
    assert refused("challenges.approve", operator(WUXI), Facts(SUZHOU, "o1", public=True)) == "forbidden"


def test_another_organisations_draft_is_not_there() -> None:
    check("challenges.submit", admin("o1"), Facts(SUZHOU, "o1"))
    assert refused("challenges.submit", admin("o2"), Facts(SUZHOU, "o1")) == "not_found"
    assert refused("challenges.submit", Caller("boss"), Facts(SUZHOU, "o1")) == "not_found"


def test_a_missing_organisation_is_nobodys() -> None:
    assert not allows("challenges.submit", admin("o1"), Facts(SUZHOU, None))
    nobody = Caller("boss", frozenset({(Role.ORG_ADMIN, None)}), None)
    assert not allows("challenges.submit", nobody, Facts(SUZHOU, None))


def test_a_visitor_reads_what_is_public_only() -> None:
    check("challenges.show", VISITOR, Facts(SUZHOU, "o1", public=True))
    assert refused("challenges.show", VISITOR, Facts(SUZHOU, "o1")) == "not_found"


def test_a_list_for_operators_is_of_the_own_cities_or_for_the_alliance_of_everything() -> None:
    action = "search.list-dead-letters"
    both = Caller("op", frozenset({(Role.CITY_OPERATOR, SUZHOU), (Role.CITY_OPERATOR, WUXI)}))
    alliance = Caller("op", frozenset({(Role.CITY_OPERATOR, SUZHOU), (Role.ALLIANCE_OPERATOR, None)}))
    assert cities_listed(action, operator(SUZHOU)) == frozenset({SUZHOU})
    assert cities_listed(action, both) == frozenset({SUZHOU, WUXI})
    assert cities_listed(action, alliance) is None
    assert cities_listed(action, admin("o1")) == frozenset()
    assert cities_listed(action, VISITOR) == frozenset()


@pytest.mark.parametrize("action", sorted(RULES))
def test_at_the_door_a_visitor_gets_in_where_the_table_says_visitor_and_401_elsewhere(action: str) -> None:
    if "visitor" in RULES[action].allow:
        admit(action, VISITOR)
    else:
        with pytest.raises(Refusal) as refusal:
            admit(action, VISITOR)
        assert refusal.value.problem.status == 401


@pytest.mark.parametrize("action", sorted(RULES))
def test_at_the_door_a_role_that_is_not_named_gets_403(action: str) -> None:
    reviewer = Caller("r", frozenset({(Role.REVIEWER, None)}))
    named = {"visitor", Role.MEMBER, Role.REVIEWER} & set(RULES[action].allow)
    if named:
        admit(action, reviewer)
    else:
        with pytest.raises(Refusal) as refusal:
            admit(action, reviewer)
        assert refusal.value.problem.status == 403


def test_a_person_who_acts_for_no_organisation_is_told_that_they_need_one() -> None:
    with pytest.raises(Refusal, match="organization_required"):
        admit("challenges.draft", Caller("newcomer", frozenset({(Role.MEMBER, None)})))
    assert refused("challenges.submit", Caller("boss"), Facts(SUZHOU, "o1", public=True)) == "organization_required"
    assert refused("challenges.submit", admin("o2"), Facts(SUZHOU, "o1", public=True)) == "forbidden"
    with pytest.raises(Refusal, match="forbidden"):
        admit("challenges.approve", Caller("newcomer"))
