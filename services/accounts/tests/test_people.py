"""Who people are, what they may become, and for whom they act."""

import pytest

from services.accounts.people import domain
from services.accounts.people.domain import UPCASTS, User
from services.accounts.tests.building import ALLIANCE, MEMBER, NOW, ORG_ADMIN, city, membership, refused_with, user
from shared.aggregates.stored_state import StateSchema
from shared.events.accounts import Membership, Role, RoleGrant
from shared.values.jurisdictions import Jurisdiction
from shared.values.roles import Duty


def test_the_first_login_makes_a_member_of_no_organisation() -> None:
    decision = domain.register("user-1", "blind", "sealed", NOW)
    assert decision.happened == "user.registered"
    assert decision.state.roles == (MEMBER,)
    assert decision.state.memberships == ()


def test_what_is_told_of_a_person_holds_no_name_phone_or_index() -> None:
    told = user(nickname="小王", phone_sealed="p", phone_masked="138****5678").published()
    known = {"id", "roles", "memberships", "organization_id", "session_generation", "openid_sealed", "created_at"}
    assert set(told.model_dump()) == known


def test_a_person_may_act_for_several_organisations() -> None:
    first = domain.join(user(), "organization-1")
    assert first is not None
    second = domain.join(first.state, "organization-2")
    assert second is not None
    assert second.happened == "user.joined-organization"
    assert [each.organization_id for each in second.state.memberships] == ["organization-1", "organization-2"]
    assert domain.acting(second.state, "organization-2") == membership("organization-2")
    assert second.state.roles == (MEMBER,), "administering an organisation is no role of the person"


def test_joining_twice_changes_nothing() -> None:
    assert domain.join(user(memberships=(membership("organization-1"),)), "organization-1") is None


@pytest.mark.parametrize("ended", [None, "organization-1"])
def test_an_approval_that_comes_back_later_does_not_bring_back_a_membership_that_ended(ended: str | None) -> None:
    left = domain.dismiss(user(memberships=(membership("organization-1"),)), ended, "user-2").state
    assert left.memberships == ()
    assert domain.join(left, "organization-1") is None
    again = domain.appoint(left, "organization-1", "user-2")
    assert again is not None
    assert again.state.memberships == (membership("organization-1"),)
    assert domain.appoint(again.state, "organization-1", "user-2") is None


def test_the_membership_to_end_is_named_where_there_are_several() -> None:
    several = user(memberships=(membership("organization-1"), membership("organization-2")))
    with refused_with("invalid"):
        domain.dismiss(several, None, "user-2")
    assert domain.dismiss(several, "organization-1", "user-2").state.memberships == (membership("organization-2"),)
    with refused_with("role_not_held"):
        domain.dismiss(several, "organization-3", "user-2")


def test_a_membership_that_ended_is_not_replaced_by_another_one() -> None:
    held = user(memberships=(membership("organization-2"),))
    with refused_with("membership_ended"):
        domain.acting(held, "organization-1")
    assert domain.acting(held, None) is None


@pytest.mark.parametrize(
    ("roles", "organization_id", "memberships"),
    [
        ([MEMBER, ORG_ADMIN], "organization-1", (membership("organization-1"),)),
        ([MEMBER], "organization-1", ()),
        ([MEMBER], None, ()),
    ],
)
def test_a_person_of_before_memberships_is_read_with_the_one_that_they_had(
    roles: list[RoleGrant], organization_id: str | None, memberships: tuple[Membership, ...]
) -> None:
    kept = user().model_dump(exclude={"memberships"})
    state = {**kept, "roles": [each.model_dump() for each in roles], "organization_id": organization_id}
    older, _ = StateSchema(User, UPCASTS).read({"state": state})
    assert (older.roles, older.memberships) == ((MEMBER,), memberships)


def test_ending_all_sessions_is_told_to_those_who_judge_tokens() -> None:
    ended = domain.end_sessions(user())
    assert (ended.happened, ended.state.published().session_generation) == ("user.signed-out", 1)


def test_a_role_is_granted_once() -> None:
    granted = domain.grant(user(), city(Jurisdiction.WUXI), "user-2")
    assert granted is not None
    assert granted.happened == "user.roles-changed"
    assert domain.grant(granted.state, city(Jurisdiction.WUXI), "user-2") is None
    assert domain.grant(granted.state, city(Jurisdiction.SUZHOU), "user-2") is not None


@pytest.mark.parametrize(
    "wanted",
    [
        MEMBER,
        ORG_ADMIN,
        RoleGrant(role=Role.CITY_OPERATOR),
        RoleGrant(role=Role.REVIEWER, jurisdiction=Jurisdiction.WUXI),
        RoleGrant(role=Role.ALLIANCE_OPERATOR, jurisdiction=Jurisdiction.PUTUO),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_on_its_field(wanted: RoleGrant) -> None:
    with refused_with("invalid") as refused:
        domain.grant(user(), wanted, "user-2")
    assert refused.value.errors[0].field in {"role", "jurisdiction"}


def test_a_role_that_is_granted_again_changes_its_duty_and_stays_one_role() -> None:
    business = domain.grant(user(), grant(Role.CITY_OPERATOR, Jurisdiction.WUXI, duty=Duty.BUSINESS), "user-2")
    assert business is not None
    moved = domain.grant(business.state, grant(Role.CITY_OPERATOR, Jurisdiction.WUXI, duty=Duty.SUPERVISION), "user-2")
    assert moved is not None
    assert [each.duty for each in moved.state.roles] == [None, Duty.SUPERVISION]
    assert domain.revoke(moved.state, city(Jurisdiction.WUXI), "user-2").state.roles == (MEMBER,)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"role": Role.REVIEWER, "duty": Duty.BUSINESS}, "duty"),
        ({"role": Role.AUDITOR, "duty": Duty.SUPERVISION}, "duty"),
        ({"role": Role.AUDITOR, "employer_credit_code": "91320500EXAMPLE00X"}, "employer_credit_code"),
    ],
)
def test_a_duty_is_an_operators_and_an_employer_a_reviewers(wanted: dict[str, object], field: str) -> None:
    with refused_with("invalid") as refused:
        domain.grant(user(), RoleGrant.model_validate(wanted), "user-2")
    assert refused.value.errors[0].field == field


def grant(role: Role, jurisdiction: Jurisdiction, duty: Duty) -> RoleGrant:
    return RoleGrant(role=role, jurisdiction=jurisdiction, duty=duty)


def test_a_role_is_taken_for_its_city_only() -> None:
    held = user(roles=(MEMBER, city(Jurisdiction.WUXI), city(Jurisdiction.SUZHOU)))
    left = domain.revoke(held, city(Jurisdiction.WUXI), "user-2").state
    assert left.roles == (MEMBER, city(Jurisdiction.SUZHOU))
    with refused_with("role_not_held"):
        domain.revoke(left, city(Jurisdiction.WUXI), "user-2")


def test_the_alliance_role_is_not_taken_from_oneself() -> None:
    held = user(roles=(MEMBER, ALLIANCE))
    with refused_with("own_role"):
        domain.revoke(held, ALLIANCE, "user-1")
    assert domain.revoke(held, ALLIANCE, "user-2").state.roles == (MEMBER,)


def test_being_a_member_cannot_be_taken_away() -> None:
    with refused_with("invalid"):
        domain.revoke(user(), MEMBER, "user-2")


def test_a_nickname_is_nobody_elses_business() -> None:
    changed = domain.change_profile(user(), {"nickname": "小王"})
    assert changed is not None
    assert changed.happened is None
    assert domain.change_profile(changed.state, {"nickname": "小王"}) is None
