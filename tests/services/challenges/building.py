"""Callers and organisations of these tests, and the way to a published challenge."""

from datetime import timedelta
from typing import Any

from services.challenges import projections
from services.challenges.claiming.content import ClaimContent
from services.challenges.claiming.examples import CLAIM
from services.challenges.claiming.store import Store
from services.challenges.posting import commands
from services.challenges.posting.challenge import Challenge
from services.challenges.posting.content import ChallengeContent
from services.challenges.posting.examples import CHALLENGE
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import OrganizationState, Role
from shared.events.envelope import event
from shared.events.payload import rfc3339
from shared.projections.read_models import projection
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction


def organization(city: str, **changes: Any) -> OrganizationState:
    organization_id = new_id()
    facts: dict[str, Any] = {
        "name": f"单位{organization_id[-6:]}",
        "credit_code": f"code-{organization_id}",
        "jurisdiction": city,
        "kind": "enterprise",
        "status": "verified",
        "reason": None,
        "applicant_id": new_id(),
        "created_at": now(),
    }
    return OrganizationState(id=organization_id, **{**facts, **changes})


def admin_of(of: OrganizationState) -> Caller:
    return Caller(new_id(), frozenset({(Role.ORG_ADMIN, None)}), organization_id=of.id)


POSTER_ORGANIZATION = organization("suzhou")
CLAIMANT_ORGANIZATION, PARTNER_ORGANIZATION = organization("nanjing"), organization("wuxi")
SECOND_PARTNER_ORGANIZATION = organization("changzhou")
PENDING_ORGANIZATION = organization("nanjing", status="pending")
TWIN_ORGANIZATION = organization("nanjing", credit_code=POSTER_ORGANIZATION.credit_code)
ORGANIZATIONS = (
    CLAIMANT_ORGANIZATION,
    PARTNER_ORGANIZATION,
    SECOND_PARTNER_ORGANIZATION,
    PENDING_ORGANIZATION,
    TWIN_ORGANIZATION,
)

POSTER, CLAIMANT = admin_of(POSTER_ORGANIZATION), admin_of(CLAIMANT_ORGANIZATION)
SECOND_PARTNER = admin_of(SECOND_PARTNER_ORGANIZATION)
PARTNER, STRANGER = admin_of(PARTNER_ORGANIZATION), admin_of(TWIN_ORGANIZATION)
CITY = Caller("operator-suzhou", frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
NEIGHBOUR = Caller("operator-nanjing", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANJING)}))
ALLIANCE = Caller("operator-alliance", frozenset({(Role.ALLIANCE_OPERATOR, None)}))

CONSORTIUM = [
    {"organization_id": CLAIMANT_ORGANIZATION.id, "role": "lead", "cost_share": 60, "ip_share": 50},
    {"organization_id": PARTNER_ORGANIZATION.id, "role": "partner", "cost_share": 40, "ip_share": 50},
]


def challenge_body(**changes: Any) -> dict[str, Any]:
    """A challenge that can be claimed for another day."""
    return {**CHALLENGE, "deadline": rfc3339(now() + timedelta(days=1)), **changes}


def claim_body(**changes: Any) -> dict[str, Any]:
    return {**CLAIM, **changes}


def content(**changes: Any) -> ChallengeContent:
    return ChallengeContent.model_validate(challenge_body(**changes))


def claim_content(**changes: Any) -> ClaimContent:
    return ClaimContent.model_validate(claim_body(**changes))


def attempt(caller: Caller, key: str | None = None) -> Attempt:
    """A fresh attempt, or one under a key."""
    return Attempt(caller.id, key or new_id(), "digest")


async def drafted(store: Store, **changes: Any) -> Challenge:
    return (await commands.draft(store.posting, POSTER, content(**changes), attempt(POSTER))).state


async def published(store: Store, **changes: Any) -> Challenge:
    challenge = await drafted(store, **changes)
    await commands.submit(store.posting, POSTER, challenge.id, attempt(POSTER))
    await commands.approve(store.posting, CITY, challenge.id, attempt(CITY))
    return (await commands.publish(store.posting, CITY, challenge.id, attempt(CITY))).state


async def accounts_published(store: Store, *organizations: OrganizationState, version: int = 2) -> None:
    """Challenges knows what accounts has published about these."""
    fold = projection(store.posting.organizations.collection, projections.organization)
    await fold([event("organization.approved", each.id, version, each.created_at, each) for each in organizations])
