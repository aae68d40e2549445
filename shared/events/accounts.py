"""Events of accounts: who may act, and for which organisations."""

from typing import Annotated, Literal

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction
from shared.values.open_sets import Open
from shared.values.roles import Duty, OrganizationKinds, OrganizationStates
from shared.values.roles import Role as Role

OrganizationKind = Literal["enterprise", "university", "institute", "platform", "service"]
OrganizationStatus = Literal["pending", "verified", "rejected"]
"""The kinds and states that accounts itself writes; readers take any (`OrganizationState`)."""


class RoleGrant(Payload):
    """A role, and the jurisdiction that it is limited to (city_operator) or None.

    `duty` is an operator's, business or supervision; `employer_credit_code` is the 统一社会信用代码 of a reviewer's employer.
    """

    role: Annotated[Role | str, Open(Role)]
    jurisdiction: Jurisdiction | None = None
    duty: Annotated[Duty | str, Open(Duty)] | None = None
    employer_credit_code: str | None = None


class Membership(Payload):
    """An organisation that a person acts for, and as what."""

    organization_id: str
    role: Annotated[Role | str, Open(Role)]


class UserState(Payload):
    """A person. `openid_sealed` is base64 of the WeChat openid under the personal-data key (shared/secrets.py).

    `memberships` are all the organisations that they act for; `organization_id` is the one from before there were several.
    """

    id: str
    roles: tuple[RoleGrant, ...]
    organization_id: str | None
    memberships: tuple[Membership, ...] = ()
    openid_sealed: str | None
    created_at: Instant


class OrganizationState(Payload):
    """An organisation, identified across the eight by its 统一社会信用代码."""

    id: str
    name: str
    credit_code: str
    jurisdiction: Jurisdiction
    kind: Annotated[OrganizationKinds | str, Open(OrganizationKinds)]
    status: Annotated[OrganizationStates | str, Open(OrganizationStates)]
    reason: str | None
    applicant_id: str
    created_at: Instant
