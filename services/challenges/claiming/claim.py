"""A claim 揭榜 as its owner keeps it, sealed from the start.

The document names nobody: claimant and partners stand in it as pseudonyms that hold for this challenge alone, so that
a claimant who becomes known in one challenge is not known in another.
"""

from typing import Literal

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


class Sealed(Kept):
    """A content after sealing. `agreement` is a keyed hash of what partners consent to: consortium and budget."""

    content: bytes = Field(repr=False)
    sha256: str
    agreement: str
    partners: tuple[str, ...]
    commitment_accepted: bool


class Claim(Kept):
    """One organisation's claim on one challenge.

    `slot` is unique among all claims and never changes: claimant and turn. The next turn comes when the last claim was
    withdrawn, so of two claims begun at once only one finds its slot free.
    """

    id: str
    challenge_id: str
    state: ClaimStatus
    claimant: str
    people: tuple[str, ...]
    slot: str
    sealed: bytes | None = Field(repr=False)
    sha256: str
    agreement: str
    partners: tuple[Partner, ...]
    commitment_accepted: bool
    submitted_at: Instant | None = None
    fenced: bool = False
    """It was written once after the deadline, so that no command that began before can be saved any more."""
    created_at: Instant
    updated_at: Instant

    def seen_on(self, challenge: Challenge) -> "Claim":
        """As it is shown: a draft that was written too late for the sweep at the close has lapsed all the same."""
        late = self.state == "draft" and challenge.is_public and not challenge.is_claimable
        return self.model_copy(update={"state": "lapsed"}) if late else self

    @property
    def consents_missing(self) -> int:
        return sum(each.consent != "given" for each in self.partners)


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
