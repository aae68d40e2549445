"""A challenge as its caller may see it. Fields that they may not see are absent."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.challenges.posting import examples
from services.challenges.posting.actions import Offer, offers
from services.challenges.posting.challenge import Challenge
from services.challenges.posting.terms import ConsortiumTerms, Funding, Indicator, IpTerms, Race, Reward
from services.challenges.posting.visibility import facts_of, fields_for, place_of
from shared.access.checking import VISITOR, Caller, allows
from shared.events.challenges import ChallengeStatus, PosterRef, Reason
from shared.events.payload import Instant
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FORBIDDEN, TOKEN_MISSING, Problem


class ContactView(BaseModel):
    """The person to call; the number is whole for the posting organisation and its city, masked for others."""

    name: str
    phone: str


class ChallengeView(BaseModel):
    """A challenge. Which fields are there depends on who asks (visibility.py)."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHALLENGE_SEEN]})

    id: str
    version: int
    state: ChallengeStatus
    organization: PosterRef
    title: str
    problem: str | None = None
    public_summary: str
    jurisdiction: Jurisdiction
    industry: tuple[str, ...]
    indicators: tuple[Indicator, ...] = ()
    deadline: Instant
    period_months: int
    mode: Literal["single", "race"]
    race: Race | None
    reward: Reward
    funding: tuple[Funding, ...]
    ip_terms: IpTerms
    requirements: tuple[str, ...]
    consortium: ConsortiumTerms
    disclosure: Literal["summary", "nda", "full"]
    classified: bool = False
    contact: ContactView
    attachment_ids: tuple[str, ...] = ()
    claims_count: int
    return_reasons: tuple[Reason, ...] = ()
    submitted_at: Instant | None = None
    published_at: Instant | None
    closed_at: Instant | None
    created_at: Instant
    updated_at: Instant
    relisted_from: str | None
    relisted_as: str | None
    actions: list[Offer]


def challenge_view(
    challenge: Challenge, version: int, claims_count: int, caller: Caller, at: Instant, personal: PersonalData
) -> ChallengeView:
    """What this caller sees of it now."""
    place = place_of(caller, challenge)
    known: dict[str, object] = {
        **{name: getattr(challenge, name) for name in ChallengeView.model_fields if hasattr(challenge, name)},
        "version": version,
        "organization": PosterRef(id=challenge.organization.id, name=challenge.organization.name),
        "contact": _contact(challenge, personal, in_full=place != "everybody"),
        "claims_count": claims_count,
        "actions": offers(challenge, lambda action: barred(action, challenge, caller), at),
    }
    shown = fields_for(place, challenge)
    return ChallengeView.model_validate({name: value for name, value in known.items() if name in shown})


def barred(action: str, challenge: Challenge, caller: Caller) -> Problem | None:
    """Why this caller may not take the action, whatever the state; None when they may."""
    if allows(f"challenges.{action}", caller, facts_of(challenge)):
        return None
    return TOKEN_MISSING if caller == VISITOR else FORBIDDEN


def _contact(challenge: Challenge, personal: PersonalData, *, in_full: bool) -> ContactView:
    kept = challenge.contact
    phone = personal.open(kept.phone_sealed, f"challenge/{challenge.id}") if in_full else kept.phone_masked
    return ContactView(name=kept.name, phone=phone)
