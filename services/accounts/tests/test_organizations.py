"""An application for an organisation, and what its city may decide."""

import pytest

from services.accounts.organizations import domain
from services.accounts.tests.building import NOW, organization, refused_with


def test_what_is_told_of_an_organisation_holds_no_contact() -> None:
    assert "contact" not in organization().published().model_dump()


def test_a_refusal_carries_its_reason_and_may_be_answered_by_a_new_application() -> None:
    refused = domain.reject(organization(), "证照不清", "operator", NOW).state
    assert (refused.status, refused.reason) == ("rejected", "证照不清")
    again = domain.register_again(refused, organization(id="fresh", applicant_id="user-2"))
    assert again.happened == "organization.registered"
    assert (again.state.id, again.state.status, again.state.reason) == ("organization-1", "pending", None)
    assert again.state.applicant_id == "user-2"


@pytest.mark.parametrize("status", ["verified", "rejected"])
def test_a_decided_application_is_not_decided_again(status: str) -> None:
    with refused_with("wrong_state"):
        domain.approve(organization(status=status), "operator", NOW)
    with refused_with("wrong_state"):
        domain.reject(organization(status=status), "x", "operator", NOW)


def test_nobody_verifies_their_own_organisation() -> None:
    with refused_with("own_application"):
        domain.approve(organization(applicant_id="operator"), "operator", NOW)


@pytest.mark.parametrize("status", ["pending", "verified"])
def test_a_credit_code_that_is_in_use_is_refused_to_others(status: str) -> None:
    with refused_with("organization_exists"):
        domain.register_again(organization(status=status), organization(applicant_id="user-2"))


def test_the_applicant_who_asks_twice_is_told_to_wait() -> None:
    with refused_with("application_pending"):
        domain.register_again(organization(), organization())
