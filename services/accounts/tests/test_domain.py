"""What people and organisations may become."""

import pytest

from services.accounts import domain
from services.accounts.tests.building import ALLIANCE, MEMBER, NOW, ORG_ADMIN, city, organization, user
from shared.events.accounts import Role, RoleGrant
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal


def refused_with(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.problem.code == code)


def test_the_first_login_makes_a_member_of_no_organisation() -> None:
    decision = domain.register_user("user-1", "blind", "sealed", NOW)
    assert decision.happened == "user.registered"
    assert decision.state.roles == (MEMBER,)
    assert decision.state.organization_id is None


def test_what_is_told_of_a_person_holds_no_name_phone_or_index() -> None:
    told = user(nickname="小王", phone_sealed="p", phone_masked="138****5678").published()
    assert set(told.model_dump()) == {"id", "roles", "organization_id", "memberships", "openid_sealed", "created_at"}


def test_what_is_told_of_an_organisation_holds_no_contact() -> None:
    assert "contact" not in organization().published().model_dump()


def test_an_approved_organisation_makes_its_applicant_its_administrator() -> None:
    approved = domain.approve(organization(), "operator", NOW)
    joined = domain.join(user(), approved.state)
    assert approved.happened == "organization.approved"
    assert joined is not None
    assert joined.happened == "user.joined-organization"
    assert joined.state.organization_id == "organization-1"
    assert joined.state.roles == (MEMBER, ORG_ADMIN)


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_nobody_joins_an_organisation_that_is_not_verified(status: str) -> None:
    assert domain.join(user(), organization(status=status)) is None


def test_joining_twice_changes_nothing() -> None:
    verified = organization(status="verified")
    once = domain.join(user(), verified)
    assert once is not None
    assert domain.join(once.state, verified) is None


def test_who_belongs_elsewhere_meanwhile_stays_there() -> None:
    assert domain.join(user(organization_id="organization-2"), organization(status="verified")) is None


def test_a_refusal_carries_its_reason_and_may_be_answered_by_a_new_application() -> None:
    refused = domain.reject(organization(), "证照不清", "operator", NOW).state
    assert (refused.status, refused.reason) == ("rejected", "证照不清")
    again = domain.register_again(refused, user(id="user-2"), organization(id="fresh", applicant_id="user-2"))
    assert again.happened == "organization.registered"
    assert (again.state.id, again.state.status, again.state.reason) == ("organization-1", "pending", None)
    assert again.state.applicant_id == "user-2"


@pytest.mark.parametrize("status", ["verified", "rejected"])
def test_a_decided_application_is_not_decided_again(status: str) -> None:
    with refused_with("wrong_state"):
        domain.approve(organization(status=status), "operator", NOW)
    with refused_with("wrong_state"):
        domain.reject(organization(status=status), "x", "operator", NOW)


def test_nobody_verifies_his_own_organisation() -> None:
    with refused_with("own_application"):
        domain.approve(organization(applicant_id="operator"), "operator", NOW)


@pytest.mark.parametrize("status", ["pending", "verified"])
def test_a_credit_code_that_is_in_use_is_refused_to_others(status: str) -> None:
    with refused_with("organization_exists"):
        domain.register_again(organization(status=status), user(id="user-2"), organization(applicant_id="user-2"))


def test_the_applicant_who_asks_twice_is_told_to_wait() -> None:
    with refused_with("application_pending"):
        domain.register_again(organization(), user(), organization())


def test_who_belongs_to_an_organisation_registers_no_other() -> None:
    member = user(organization_id="organization-2")
    with refused_with("already_in_organization"):
        domain.register_organization(member, organization())
    with refused_with("already_in_organization"):
        domain.register_again(organization(status="rejected"), member, organization())


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
