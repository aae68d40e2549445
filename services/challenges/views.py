"""Answers: a challenge and a claim as this caller may see them. Fields that he may not see are absent."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.challenges import examples
from services.challenges.domain.actions import Offer, offers
from services.challenges.domain.challenge import Challenge
from services.challenges.domain.claim import Claim, Consent
from services.challenges.domain.claim_content import ClaimContent
from services.challenges.domain.posting import (
    ConsortiumTerms,
    Contact,
    Funding,
    IndicatorWritten,
    IpTerms,
    Race,
    Reward,
)
from services.challenges.visibility import facts_of, fields_for, place_of
from shared.access.checking import VISITOR, Caller, allows
from shared.events.challenges import ChallengeStatus, PosterRef, Reason
from shared.events.payload import Instant
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FORBIDDEN, TOKEN_MISSING, Problem


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
    indicators: tuple[IndicatorWritten, ...] = ()
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
    contact: Contact
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


class Receipt(BaseModel):
    """What a claimant holds: SHA-256 of the canonical content, and when it was submitted; null while it is a draft."""

    claim_id: str
    submitted_at: Instant | None
    sha256: str


class PartnerConsent(BaseModel):
    """Whether a partner of the consortium consents."""

    organization_id: str
    consent: Consent


class ClaimView(BaseModel):
    """A claim. Content and consents are there for its claimant alone; `consent` is a partner's own answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLAIM_SEEN]})

    id: str
    version: int
    challenge_id: str
    state: Literal["draft", "submitted", "withdrawn"]
    receipt: Receipt
    content: ClaimContent | None = None
    consents: list[PartnerConsent] = Field(default_factory=list)
    consent: Consent | None = None


class SealedClaims(BaseModel):
    """The claims on a challenge before the opening: how many, and the caller's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sealed": True, "count": 3}]})

    sealed: Literal[True]
    count: int
    mine: ClaimView | None = None


class Verified(BaseModel):
    """Whether the content is the one on the receipt."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"matches": True}]})

    matches: bool


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
    """Why this caller may not take the action, whatever the state; None when he may."""
    if allows(f"challenges.{action}", caller, facts_of(challenge)):
        return None
    return TOKEN_MISSING if caller == VISITOR else FORBIDDEN


def claim_view(claim: Claim, version: int, **more: object) -> ClaimView:
    """The claim with its receipt; `more` is what only its claimant, or only a partner, is shown."""
    receipt = Receipt(claim_id=claim.id, submitted_at=claim.submitted_at, sha256=claim.sha256)
    return ClaimView.model_validate(
        {
            "id": claim.id,
            "version": version,
            "challenge_id": claim.challenge_id,
            "state": claim.state,
            "receipt": receipt,
            **more,
        }
    )


def _contact(challenge: Challenge, personal: PersonalData, *, in_full: bool) -> Contact:
    kept = challenge.contact
    phone = personal.open(kept.phone_sealed, f"challenge/{challenge.id}") if in_full else kept.phone_masked
    return Contact(name=kept.name, phone=phone)
