"""Sealing: the content of a claim, and who wrote it, under the data key of its challenge.

A sealed claim opens only as itself: claim and challenge are bound into it. Every seal has a fresh nonce, so the same
content looks different each time.
"""

import json
from dataclasses import dataclass

from services.challenges.claiming.claim import Sealed
from services.challenges.claiming.content import ClaimContent, canonical, sha256_of
from shared.secrets import Pseudonyms, Sealer


@dataclass(frozen=True, repr=False)
class Opened:
    """A claim in the clear: what was written, by whom, for which organisation."""

    organization_id: str
    user_id: str
    content: ClaimContent


@dataclass(frozen=True)
class Names:
    """Pseudonyms as this service uses them."""

    pseudonyms: Pseudonyms

    def person(self, claim_id: str, user_id: str) -> str:
        """A person within one claim only. Notifications, which holds the key too, finds whom the receipt goes to."""
        return self.pseudonyms.within(claim_id, user_id)

    def caller(self, user_id: str) -> str:
        """Who made an attempt; stored only as a hash together with the attempt's key."""
        return self.pseudonyms.of(f"claimant/{user_id}")

    def organization(self, challenge_id: str, organization_id: str) -> str:
        """An organisation within one challenge only: two sealed claims of the same one cannot be connected."""
        return self.pseudonyms.of(f"{challenge_id}/{organization_id}")

    def agreement(self, challenge_id: str, content: ClaimContent) -> str:
        """What partners consent to: another member, another share or another budget makes it another agreement."""
        members = [each.model_dump(mode="json") for each in content.consortium]
        return self.pseudonyms.of(f"{challenge_id}/{json.dumps([members, content.budget_fen], sort_keys=True)}")


def seal(sealer: Sealer, names: Names, challenge_id: str, claim_id: str, opened: Opened) -> Sealed:
    """Everything that the sealed claim keeps of it: the ciphertext, its hash, and pseudonyms."""
    content = opened.content
    plain = {
        "organization_id": opened.organization_id,
        "user_id": opened.user_id,
        "content": json.loads(canonical(content)),
    }
    return Sealed(
        content=sealer.seal(json.dumps(plain, ensure_ascii=False).encode(), _context(challenge_id, claim_id)),
        sha256=sha256_of(content),
        agreement=names.agreement(challenge_id, content),
        partners=tuple(names.organization(challenge_id, each) for each in content.partner_ids),
        commitment_accepted=content.commitment_accepted,
    )


def unseal(sealer: Sealer, challenge_id: str, claim_id: str, sealed: bytes) -> Opened:
    """The claim in the clear. CannotOpen when it was sealed for another claim, under another key, or is damaged."""
    plain = json.loads(sealer.open(sealed, _context(challenge_id, claim_id)))
    content = ClaimContent.model_validate(plain["content"])
    return Opened(plain["organization_id"], plain["user_id"], content)


def _context(challenge_id: str, claim_id: str) -> str:
    return f"claim/{challenge_id}/{claim_id}"
