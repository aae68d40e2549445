"""What accounts tells: who may act, and for whom."""

from enum import StrEnum
from typing import Literal

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction

OrganizationKind = Literal["enterprise", "university", "institute", "platform", "service"]
OrganizationStatus = Literal["pending", "verified", "rejected"]
"""Of an organisation's application: 待审核, 已认证, 未通过."""


class Role(StrEnum):
    """What a person may be."""

    MEMBER = "member"
    ORG_ADMIN = "org_admin"
    TECHNOLOGY_MANAGER = "technology_manager"
    REVIEWER = "reviewer"
    CITY_OPERATOR = "city_operator"
    ALLIANCE_OPERATOR = "alliance_operator"
    AUDITOR = "auditor"


class RoleGrant(Payload):
    """A role, and the jurisdiction it is limited to (city_operator) or None."""

    role: Role
    jurisdiction: Jurisdiction | None = None


class UserState(Payload):
    """A person. `openid_sealed` is base64 of the WeChat openid under the personal-data key (shared/secrets.py)."""

    id: str
    roles: tuple[RoleGrant, ...]
    organization_id: str | None
    openid_sealed: str | None
    created_at: Instant


class OrganizationState(Payload):
    """An organisation, identified across the eight by its 统一社会信用代码."""

    id: str
    name: str
    credit_code: str
    jurisdiction: Jurisdiction
    kind: OrganizationKind
    status: OrganizationStatus
    reason: str | None
    applicant_id: str
    created_at: Instant
