"""Events of accounts: who may act, and for which organisations."""

from typing import Annotated, Any, Literal

from pydantic import model_validator

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


def with_memberships(state: Any) -> Any:
    """Reads a person as they were written before one person could act for several organisations.

    The role `org_admin` stood among the roles then, for the one organisation of `organization_id`.
    """
    if not isinstance(state, dict) or state.get("memberships"):
        return state
    held = [RoleGrant.model_validate(each) for each in state["roles"]]
    acts = state.get("organization_id") is not None and any(each.role is Role.ORG_ADMIN for each in held)
    membership = Membership(organization_id=state["organization_id"], role=Role.ORG_ADMIN) if acts else None
    roles = tuple(each for each in held if each.role is not Role.ORG_ADMIN)
    return {**state, "roles": roles, "memberships": (membership,) if membership else ()}


class UserState(Payload):
    """A person. `openid_sealed` is base64 of the WeChat openid under the personal-data key (shared/secrets.py).

    `memberships` are all the organisations that they act for; `organization_id` is the one from before there were several.
    """

    id: str
    roles: tuple[RoleGrant, ...]
    """The granted roles. `org_admin` is no role but a membership."""
    memberships: tuple[Membership, ...] = ()
    organization_id: str | None
    """The first membership's, for readers of before `memberships`."""
    session_generation: int = 0
    """Raised when the person ends all sessions: access tokens of a lower one are refused."""
    openid_sealed: str | None
    created_at: Instant

    _older = model_validator(mode="before")(with_memberships)


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
