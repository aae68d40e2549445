"""A claim as its caller may see it. Fields that they may not see are absent."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.challenges.claiming import examples
from services.challenges.claiming.actions import offers
from services.challenges.claiming.claim import Claim, ClaimStatus, Consent
from services.challenges.claiming.proposal import Proposal
from services.challenges.posting.actions import Offer
from services.challenges.posting.challenge import Challenge
from shared.aggregates.aggregates import Stored
from shared.events.payload import Instant


class Receipt(BaseModel):
    """The claimant's receipt: SHA-256 of content and salt in their canonical form, and when it was submitted.

    `submitted_at` is null while the claim is a draft, `salt` once its content is erased.
    """

    claim_id: str
    submitted_at: Instant | None
    sha256: str
    salt: str | None


class PartnerConsent(BaseModel):
    """Whether a partner of the consortium consents."""

    organization_id: str
    consent: Consent


class ClaimView(BaseModel):
    """A claim. The content is there for its claimant and its partners, the consents for the claimant; `consent` is a
    partner's own answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLAIM_SEEN]})

    id: str
    version: int
    challenge_id: str
    state: ClaimStatus
    receipt: Receipt
    content: Proposal | None = None
    consents: list[PartnerConsent] = Field(default_factory=list)
    consent: Consent | None = None


class SealedClaims(BaseModel):
    """The claims on a challenge before the opening: how many, and the caller's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sealed": True, "count": 3}]})

    sealed: Literal[True]
    count: int
    mine: ClaimView | None = None


class ClaimedChallenge(BaseModel):
    """The challenge of a claim, as much as a list shows of it."""

    id: str
    title: str
    state: str
    deadline: Instant


class ListedClaim(BaseModel):
    """A claim in the list of an organisation that leads it or takes part in it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLAIM_LISTED]})

    id: str
    version: int
    challenge_id: str
    challenge: ClaimedChallenge
    state: ClaimStatus
    role: Literal["lead", "partner"]
    consent: Consent | None = None
    submitted_at: Instant | None
    updated_at: Instant
    actions: list[Offer]


class Verified(BaseModel):
    """Whether the content is the one on the receipt."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"matches": True}]})

    matches: bool


def listed_claim(stored: Stored[Claim], challenge: Challenge, own: str, at: datetime) -> ListedClaim:
    """The claim in the list of the organisation whose pseudonym within the challenge is `own`."""
    claim = stored.state.seen_on(challenge)
    leads = claim.claimant == own
    return ListedClaim(
        id=claim.id,
        version=stored.revision,
        challenge_id=challenge.id,
        challenge=ClaimedChallenge(
            id=challenge.id, title=challenge.title, state=challenge.state, deadline=challenge.deadline
        ),
        state=claim.state,
        role="lead" if leads else "partner",
        consent=None if leads else next(each.consent for each in claim.partners if each.organization == own),
        submitted_at=claim.submitted_at,
        updated_at=claim.updated_at,
        actions=offers(claim, challenge, "claimant" if leads else "partner", at),
    )


def claim_view(claim: Claim, version: int, *, salt: str | None = None, **more: object) -> ClaimView:
    """The claim with its receipt; `more` is what only its claimant, or only a partner, may see."""
    receipt = Receipt(claim_id=claim.id, submitted_at=claim.submitted_at, sha256=claim.sha256, salt=salt)
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
