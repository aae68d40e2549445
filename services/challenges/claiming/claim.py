"""A claim 揭榜 as its owner keeps it, sealed from the start.

The document names nobody: claimant and partners stand in it as pseudonyms that hold for this challenge alone, so that
a claimant who becomes known in one challenge is not known in another.
"""

from typing import Any, Literal

from pydantic import Field

from services.challenges.posting.challenge import Challenge
from shared.aggregates.stored_state import Kept
from shared.events.challenges import ClaimState
from shared.events.payload import Instant

ClaimStatus = Literal["draft", "submitted", "withdrawn", "lapsed"]
Consent = Literal["asked", "given", "refused"]

CHINESE_STATES: dict[str, str] = {"draft": "草稿", "submitted": "已提交", "withdrawn": "已撤回", "lapsed": "已失效"}


class Partner(Kept):
    """A partner of the consortium, by pseudonym, and whether it consents."""

    organization: str
    consent: Consent = "asked"


class Version(Kept):
    """One content of a claim: sealed, with its hash, and with what each partner answers to exactly this content."""

    sealed: bytes = Field(repr=False)
    sha256: str
    partners: tuple[Partner, ...]
    commitment_accepted: bool

    @property
    def consents_missing(self) -> int:
        return sum(each.consent != "given" for each in self.partners)

    def names(self, organization: str) -> bool:
        """Whether it has this partner."""
        return _is_among(organization, self.partners)


class Claim(Kept):
    """One organisation's claim on one challenge.

    `slot` is unique among all claims and never changes: claimant and turn. The next turn comes when the last claim was
    withdrawn, so of two claims begun at once only one finds its slot free.

    The fields of a `Version` are those of the content that the claim stands for: what is submitted, once it was.
    """

    id: str
    challenge_id: str
    state: ClaimStatus
    claimant: str
    people: tuple[str, ...]
    slot: str
    sealed: bytes | None = Field(repr=False)
    sha256: str
    agreement: str = ""
    """Unused. Version 0.1 reads it, and asks every partner again when it differs."""
    partners: tuple[Partner, ...]
    commitment_accepted: bool
    pending: Version | None = None
    """A newer content beside the submitted one: it waits for its partners, and then for the claimant to submit it."""
    submitted_at: Instant | None = None
    fenced: bool = False
    """It was written once after the deadline, so that no command that began before can be saved any more."""
    created_at: Instant
    updated_at: Instant

    @property
    def standing(self) -> Version | None:
        """The content that the claim stands for; None once it is erased."""
        if self.sealed is None:
            return None
        return Version(
            sealed=self.sealed,
            sha256=self.sha256,
            partners=self.partners,
            commitment_accepted=self.commitment_accepted,
        )

    @property
    def unsubmitted(self) -> Version | None:
        """The content that partners are asked about and that `submit` submits; None while everything is submitted."""
        return self.standing if self.state == "draft" else self.pending

    def holding(self, version: Version) -> "Claim":
        """The claim with this as its only content."""
        return self.model_copy(update={**dict(version), "pending": None})

    def answered(self, partners: tuple[Partner, ...]) -> "Claim":
        """The claim with these answers to what is not submitted yet."""
        if self.pending is None:
            return self.model_copy(update={"partners": partners})
        return self.model_copy(update={"pending": self.pending.model_copy(update={"partners": partners})})

    def names(self, organization: str) -> bool:
        """Whether this is a partner, in the content that it stands for or in the one that is pending."""
        return _is_among(organization, self.partners) or (self.pending is not None and self.pending.names(organization))

    def shows_content_to(self, organization: str) -> bool:
        """Whether this is its claimant, or a partner in the content that it stands for."""
        return organization == self.claimant or _is_among(organization, self.partners)

    def seen_on(self, challenge: Challenge) -> "Claim":
        """As it is shown: after the close drafts have lapsed and nothing is pending, also where the sweep was not yet."""
        if not challenge.is_public or challenge.is_claimable:
            return self
        return self.model_copy(update={"state": "lapsed" if self.state == "draft" else self.state, "pending": None})

    def seen_by(self, organization: str) -> "Claim":
        """As it is shown to its claimant or a partner: of what is pending only those hear whom it names."""
        if self.pending is None or organization == self.claimant or self.pending.names(organization):
            return self
        return self.model_copy(update={"pending": None})


def _is_among(organization: str, partners: tuple[Partner, ...]) -> bool:
    return any(each.organization == organization for each in partners)


def without_stray_pending(state: dict[str, Any]) -> dict[str, Any]:
    """Schema 2: `pending` stands beside a submitted claim before the close. Version 0.1 knows nothing of it, leaves it
    where it withdraws or fences a claim, and so it goes here."""
    may_wait = state["state"] == "submitted" and not state.get("fenced")
    return {**state, "pending": state.get("pending") if may_wait else None}


UPCASTS = (without_stray_pending,)
"""From each older schema of a stored claim to the next."""


def published(claim: Claim) -> ClaimState:
    """The payload of a claim's events: that it exists, its hash, and the pseudonyms of those who get the receipt."""
    return ClaimState(
        id=claim.id,
        challenge_id=claim.challenge_id,
        state=claim.state,
        sha256=claim.sha256,
        submitted_at=claim.submitted_at,
        people=claim.people,
    )


def gone(told: ClaimState) -> ClaimState:
    """What readers are told of a claim that was lost with the database: as if it had been withdrawn."""
    return told.model_copy(update={"state": "withdrawn", "submitted_at": None})
