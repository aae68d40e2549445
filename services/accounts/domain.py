"""Who people and organisations are, and what they may become. Pure: no clock, no database, no WeChat.

A person belongs to an organisation, and acts for it as org_admin, from the moment its city has verified it; until then
there is only an application, kept in the organisation.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.accounts import problems
from shared.aggregates.decisions import SYSTEM, Decision
from shared.events.accounts import OrganizationKind, OrganizationState, OrganizationStatus, Role, RoleGrant, UserState
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

_STATUS: dict[OrganizationStatus, str] = {"pending": "待审核", "verified": "已认证", "rejected": "未通过"}


class User(BaseModel):
    """A person 用户. The openid is kept as a blind index and sealed, never as it is."""

    model_config = ConfigDict(frozen=True)

    id: str
    openid_blind: str
    openid_sealed: str
    nickname: str | None = None
    phone_sealed: str | None = None
    phone_masked: str | None = None
    roles: tuple[RoleGrant, ...]
    organization_id: str | None = None
    created_at: datetime

    def published(self) -> UserState:
        """What other services may know."""
        return UserState(
            id=self.id,
            roles=self.roles,
            organization_id=self.organization_id,
            openid_sealed=self.openid_sealed,
            created_at=self.created_at,
        )


class Contact(BaseModel):
    """Whom a city's staff calls about an organisation."""

    model_config = ConfigDict(frozen=True)

    name: str
    phone_sealed: str
    phone_masked: str


class Organization(BaseModel):
    """An organisation 单位, with the application that is open or was decided."""

    model_config = ConfigDict(frozen=True)

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
        """What other services may know."""
        return OrganizationState.model_validate(self.model_dump())


def register_user(user_id: str, openid_blind: str, openid_sealed: str, at: datetime) -> Decision[User]:
    """The first login: a member, and nothing more."""
    member = RoleGrant(role=Role.MEMBER)
    user = User(id=user_id, openid_blind=openid_blind, openid_sealed=openid_sealed, roles=(member,), created_at=at)
    return Decision(user, "register", user_id, "user.registered")


def grant(user: User, wanted: RoleGrant, by: str) -> Decision[User] | None:
    """One role more; None where the person holds it already."""
    _check_grantable(wanted)
    if wanted in user.roles:
        return None
    return Decision(user.model_copy(update={"roles": (*user.roles, wanted)}), "grant-role", by, "user.roles-changed")


def revoke(user: User, unwanted: RoleGrant, by: str) -> Decision[User]:
    """One role less. Nobody takes the alliance's role from himself: the last one could never be given back."""
    if unwanted.role is Role.MEMBER:
        raise _wrong_role("member_is_everyone", "普通成员身份随登录取得，不能撤销")
    if unwanted not in user.roles:
        raise Refusal(problems.ROLE_NOT_HELD)
    if unwanted.role is Role.ALLIANCE_OPERATOR and user.id == by:
        raise Refusal(problems.OWN_ROLE)
    remaining = tuple(held for held in user.roles if held != unwanted)
    return Decision(user.model_copy(update={"roles": remaining}), "revoke-role", by, "user.roles-changed")


def join(user: User, organization: Organization) -> Decision[User] | None:
    """The applicant of a verified organisation becomes its org_admin; None where that has happened.

    Who meanwhile belongs elsewhere stays there: one person, one organisation.
    """
    if organization.status != "verified" or user.organization_id is not None:
        return None
    admin = RoleGrant(role=Role.ORG_ADMIN)
    roles = user.roles if admin in user.roles else (*user.roles, admin)
    joined = user.model_copy(update={"organization_id": organization.id, "roles": roles})
    return Decision(joined, "join-organization", SYSTEM, "user.joined-organization")


def change_profile(user: User, changes: dict[str, str | None]) -> Decision[User] | None:
    """The person's own words about himself; nobody else is told."""
    changed = user.model_copy(update=changes)
    return None if changed == user else Decision(changed, "change-profile", user.id, None)


def register_organization(applicant: User, application: Organization) -> Decision[Organization]:
    """A new organisation asks to be verified."""
    if applicant.organization_id is not None:
        raise Refusal(problems.ALREADY_IN_ORGANIZATION)
    return Decision(application, "register", applicant.id, "organization.registered")


def register_again(organization: Organization, applicant: User, application: Organization) -> Decision[Organization]:
    """What was refused may be asked again, by whomever: a credit code is not lost to the first who used it wrongly."""
    if organization.status != "rejected":
        own = organization.status == "pending" and organization.applicant_id == applicant.id
        raise Refusal(problems.APPLICATION_PENDING if own else problems.ORGANIZATION_EXISTS)
    return register_organization(applicant, application.model_copy(update={"id": organization.id}))


def approve(organization: Organization, by: str, at: datetime) -> Decision[Organization]:
    """Its city verified it."""
    _check_open(organization, by, "通过审核")
    verified = {"status": "verified", "reason": None, "decided_at": at, "decided_by": by}
    return Decision(organization.model_copy(update=verified), "approve", by, "organization.approved")


def reject(organization: Organization, reason: str, by: str, at: datetime) -> Decision[Organization]:
    """Its city refused it, and says why."""
    _check_open(organization, by, "退回申请")
    rejected = {"status": "rejected", "reason": reason, "decided_at": at, "decided_by": by}
    return Decision(organization.model_copy(update=rejected), "reject", by, "organization.rejected")


def _check_open(organization: Organization, by: str, action: str) -> None:
    if organization.status != "pending":
        raise Refusal(problems.WRONG_STATE, state=_STATUS[organization.status], action=action)
    if organization.applicant_id == by:
        raise Refusal(problems.OWN_APPLICATION)


def _check_grantable(wanted: RoleGrant) -> None:
    if wanted.role in {Role.MEMBER, Role.ORG_ADMIN}:
        raise _wrong_role("not_grantable", "普通成员随登录取得，单位管理员随单位认证取得，不能直接授予")
    if (wanted.role is Role.CITY_OPERATOR) != (wanted.jurisdiction is not None):
        message = "城市运营人员必须指定地区" if wanted.jurisdiction is None else "只有城市运营人员需要指定地区"
        raise invalid(FieldError("jurisdiction", "jurisdiction_mismatch", message))


def _wrong_role(code: str, message: str) -> Refusal:
    return invalid(FieldError("role", code, message))
