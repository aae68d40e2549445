"""Organisations 单位: an application, and what its city decided about it. Pure: no clock, no database."""

from collections.abc import Callable
from datetime import datetime

from services.accounts import problems
from shared.aggregates.adopting import Told
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.events.accounts import OrganizationKind, OrganizationState, OrganizationStatus
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

_STATUS: dict[OrganizationStatus, str] = {"pending": "待审核", "verified": "已认证", "rejected": "未通过"}


class Contact(Kept):
    """The person whom a city's staff calls about an organisation."""

    name: str
    phone_sealed: str
    phone_masked: str


class Organization(Kept):
    """An organisation 单位, with the application that is open or was decided."""

    id: str
    name: str
    credit_code: str
    jurisdiction: Jurisdiction
    kind: OrganizationKind
    contact: Contact
    status: OrganizationStatus = "pending"
    reason: str | None = None
    applicant_id: str
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None

    def published(self) -> OrganizationState:
        """The state that other services may know."""
        return OrganizationState.model_validate(self.model_dump())


def register(application: Organization) -> Decision[Organization]:
    """A new organisation asks to be verified."""
    return Decision(application, "register", application.applicant_id, "organization.registered")


def register_again(organization: Organization, application: Organization) -> Decision[Organization]:
    """A rejected application may be made again by anybody: a credit code is not lost to the first wrong user."""
    if organization.status != "rejected":
        own = organization.status == "pending" and organization.applicant_id == application.applicant_id
        raise Refusal(problems.APPLICATION_PENDING if own else problems.ORGANIZATION_EXISTS)
    return register(application.model_copy(update={"id": organization.id}))


def approve(organization: Organization, by: str, at: datetime) -> Decision[Organization]:
    """Its city verified it."""
    _check_open(organization, by, "通过审核")
    verified = {"status": "verified", "reason": None, "decided_at": at, "decided_by": by}
    return Decision(organization.model_copy(update=verified), "approve", by, "organization.approved")


def reject(organization: Organization, reason: str, by: str, at: datetime) -> Decision[Organization]:
    """Its city rejected it, with a reason."""
    _check_open(organization, by, "退回申请")
    rejected = {"status": "rejected", "reason": reason, "decided_at": at, "decided_by": by}
    return Decision(organization.model_copy(update=rejected), "reject", by, "organization.rejected")


def _check_open(organization: Organization, by: str, action: str) -> None:
    if organization.status != "pending":
        raise Refusal(problems.WRONG_STATE, state=_STATUS[organization.status], action=action)
    if organization.applicant_id == by:
        raise Refusal(problems.OWN_APPLICATION)


def taken_from_log(
    unknown_contact: Callable[[str], Contact], told: Told, organization: Organization | None
) -> Organization | None:
    """The organisation as the log knows it. The contact is in no event: it stays, or is `unknown_contact` of a credit code."""
    newest = told.newest
    state = OrganizationState.model_validate(newest.data).model_dump()
    decided = newest.type.short != "organization.registered"
    who = (
        {"decided_at": newest.time, "decided_by": newest.actor} if decided else {"decided_at": None, "decided_by": None}
    )
    contact = organization.contact if organization else unknown_contact(state["credit_code"])
    return Organization.model_validate({**state, **who, "contact": contact})
