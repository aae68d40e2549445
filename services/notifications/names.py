"""The names that a person goes by here, so that nothing that is kept about a sealed claim leads to anybody.

Every day a person has one name. In what concerns a claim of his he goes by the name that holds within that claim alone
(`ClaimState.people`), and what stays sealed of his inbox is kept under a third. Only holders of the key know them for one.
"""

from dataclasses import dataclass

from shared.secrets import Pseudonyms


@dataclass(frozen=True)
class Names:
    """Pseudonyms as this service uses them. A recipient is an everyday name or one that holds within a claim."""

    pseudonyms: Pseudonyms

    def everyday(self, user_id: str) -> str:
        """The name of preferences, consents and everything that is no secret."""
        return self.pseudonyms.of(user_id)

    def sealed(self, user_id: str) -> str:
        """The name under which inbox and ledger keep together what concerns his claims."""
        return self.pseudonyms.of(f"sealed/{user_id}")

    def claimant(self, name: str) -> str:
        """The user id behind a name in `ClaimState.people`; CannotOpen when it is none."""
        return self.pseudonyms.taken_back(name)

    def everyday_of(self, recipient: str) -> str:
        """Whom preferences, consents and people know under that name."""
        return self.everyday(self.claimant(recipient)) if _is_within_a_claim(recipient) else recipient

    def kept_under(self, recipient: str) -> str:
        """The name by which the person's own inbox items and waiting rows are found again."""
        return self.sealed(self.claimant(recipient)) if _is_within_a_claim(recipient) else recipient

    def mark_of(self, delivery_id: str) -> str:
        """What the recipient's consent remembers of a delivery: a name, for the row may be about his sealed claim."""
        return self.pseudonyms.of(f"delivery/{delivery_id}")


def _is_within_a_claim(recipient: str) -> bool:
    return "/" in recipient
