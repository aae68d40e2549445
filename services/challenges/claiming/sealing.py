"""Sealing: the content of a claim, and who wrote it, under the data key of its challenge.

A sealed claim opens only as itself: claim and challenge are bound into it. Every seal has a fresh nonce, so the same
content looks different each time.
"""

import json
from dataclasses import dataclass, replace

from services.challenges.claiming.claim import Partner, Version
from services.challenges.claiming.content import ClaimContent, new_salt, sha256_of
from services.challenges.claiming.proposal import Proposal
from shared.aggregates.attempts import Attempt
from shared.secrets import Pseudonyms, Sealer


@dataclass(frozen=True, repr=False)
class Opened:
    """A claim in the clear: what was written, by whom, for which organisation, and the salt of its receipt."""

    organization_id: str
    user_id: str
    proposal: Proposal
    salt: str


@dataclass(frozen=True)
class Names:
    """Pseudonyms as this service uses them."""

    pseudonyms: Pseudonyms

    def person(self, claim_id: str, user_id: str) -> str:
        """A person within one claim only. Notifications, which holds the key too, finds whom the receipt goes to."""
        return self.pseudonyms.within(claim_id, user_id)

    def attempt(self, attempt: Attempt, user_id: str) -> Attempt:
        """The attempt as a claim remembers it: neither its caller nor the body it came with can be guessed from it, and
        no other attempt has anything in common with it."""
        digest = self.pseudonyms.of(f"attempt/{user_id}/{attempt.key}/{attempt.digest}")
        return replace(attempt, caller=self.pseudonyms.of(f"claimant/{user_id}"), digest=digest)

    def organization(self, challenge_id: str, organization_id: str) -> str:
        """An organisation within one challenge only: two sealed claims of the same one cannot be connected."""
        return self.pseudonyms.of(f"{challenge_id}/{organization_id}")


def seal(
    sealer: Sealer,
    names: Names,
    challenge_id: str,
    claim_id: str,
    *,
    organization_id: str,
    user_id: str,
    content: ClaimContent,
) -> Version:
    """Everything that the claim keeps of a content: the ciphertext, the hash under a fresh salt, and pseudonyms of the
    partners, who are all still asked."""
    proposal, salt = content.proposal(), new_salt()
    plain = {
        "organization_id": organization_id,
        "user_id": user_id,
        "salt": salt,
        "content": proposal.model_dump(mode="json"),
    }
    return Version(
        sealed=sealer.seal(json.dumps(plain, ensure_ascii=False).encode(), _context(challenge_id, claim_id)),
        sha256=sha256_of(content, salt),
        partners=tuple(Partner(organization=names.organization(challenge_id, each)) for each in proposal.partner_ids),
        commitment_accepted=proposal.commitment_accepted,
    )


def unseal(sealer: Sealer, challenge_id: str, claim_id: str, sealed: bytes) -> Opened:
    """The claim in the clear. CannotOpen when it was sealed for another claim, under another key, or is damaged."""
    plain = json.loads(sealer.open(sealed, _context(challenge_id, claim_id)))
    return Opened(plain["organization_id"], plain["user_id"], Proposal.model_validate(plain["content"]), plain["salt"])


def _context(challenge_id: str, claim_id: str) -> str:
    return f"claim/{challenge_id}/{claim_id}"
