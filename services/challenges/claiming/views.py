"""A claim as its caller may see it. Fields that they may not see are absent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.challenges.claiming import examples
from services.challenges.claiming.actions import offers
from services.challenges.claiming.claim import Claim, ClaimStatus, Consent, Partner
from services.challenges.claiming.proposal import Proposal
from services.challenges.claiming.sealing import Opened
from services.challenges.posting.actions import Offer
from services.challenges.posting.challenge import Challenge
from shared.aggregates.aggregates import Stored
from shared.events.payload import Instant


class Receipt(BaseModel):
    """The claimant's receipt: SHA-256 of content and salt in their canonical form, and when it was submitted.

    `submitted_at` is null while the content is not submitted, `salt` once it is erased and where the caller may not read it.
    """

    claim_id: str
    submitted_at: Instant | None
    sha256: str
    salt: str | None


class PartnerConsent(BaseModel):
    """Whether a partner of the consortium consents."""

    organization_id: str
    consent: Consent


class PendingContent(BaseModel):
    """A newer content beside the submitted one: partners consent to the hash on its receipt, and `submit` submits it.

    Until then what was submitted stands, and at the deadline this is dropped.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PENDING]})

    receipt: Receipt
    content: Proposal
    consents: list[PartnerConsent] = Field(default_factory=list)
    consent: Consent | None = None


class ClaimView(BaseModel):
    """A claim. The content is there for its claimant and its partners, the consents for the claimant; `consent` is a
    partner's own answer. `pending` is there for the claimant and for the partners that it names."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLAIM_SEEN]})

    id: str
    version: int
    challenge_id: str
    state: ClaimStatus
    receipt: Receipt
    content: Proposal | None = None
    consents: list[PartnerConsent] = Field(default_factory=list)
    consent: Consent | None = None
    pending: PendingContent | None = None


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
    """A claim in the list of an organisation that leads it or takes part in it.

    `pending`: a newer content waits beside the submitted one, and `consent` is a partner's answer to it.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLAIM_LISTED]})

    id: str
    version: int
    challenge_id: str
    challenge: ClaimedChallenge
    state: ClaimStatus
    role: Literal["lead", "partner"]
    consent: Consent | None = None
    pending: bool
    submitted_at: Instant | None
    updated_at: Instant
    actions: list[Offer]


class Verified(BaseModel):
    """Whether the content is the one on the receipt."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"matches": True}]})

    matches: bool


def listed_claim(stored: Stored[Claim], challenge: Challenge, own: str, at: datetime) -> ListedClaim:
    """The claim in the list of the organisation whose pseudonym within the challenge is `own`."""
    claim = stored.state.seen_on(challenge).seen_by(own)
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
        consent=None if leads else answer_of(own, claim.pending.partners if claim.pending else claim.partners),
        pending=claim.pending is not None,
        submitted_at=claim.submitted_at,
        updated_at=claim.updated_at,
        actions=offers(claim, challenge, "claimant" if leads else "partner", at),
    )


def claim_view(claim: Claim, version: int, own: str, opened: Opened | None, pending: Opened | None) -> ClaimView:
    """The claim as the organisation whose pseudonym is `own` sees it; `opened` is what it may read of it, in the clear."""
    shown: dict[str, object] = {
        "id": claim.id,
        "version": version,
        "challenge_id": claim.challenge_id,
        "state": claim.state,
        "receipt": _receipt(claim, claim.sha256, claim.submitted_at, opened),
    }
    if opened:
        shown |= _readable(opened, claim.partners, claim.claimant == own, own)
    if claim.pending and pending:
        shown["pending"] = PendingContent.model_validate(
            {
                "receipt": _receipt(claim, claim.pending.sha256, None, pending),
                **_readable(pending, claim.pending.partners, claim.claimant == own, own),
            }
        )
    return ClaimView.model_validate(shown)


def answer_of(organization: str, partners: Sequence[Partner]) -> Consent | None:
    """What this partner answers; None where it is not among them."""
    return next((each.consent for each in partners if each.organization == organization), None)


def _receipt(claim: Claim, sha256: str, submitted_at: datetime | None, opened: Opened | None) -> Receipt:
    salt = opened.salt if opened else None
    return Receipt(claim_id=claim.id, submitted_at=submitted_at, sha256=sha256, salt=salt)


def _readable(opened: Opened, partners: Sequence[Partner], leads: bool, own: str) -> dict[str, object]:
    """The content with all answers for the claimant, and with its own answer for a partner."""
    if not leads:
        return {"content": opened.proposal, "consent": answer_of(own, partners)}
    ids = opened.proposal.partner_ids
    consents = [
        PartnerConsent(organization_id=each, consent=kept.consent) for each, kept in zip(ids, partners, strict=True)
    ]
    return {"content": opened.proposal, "consents": consents}
