"""The names that a person goes by here, so that nothing that is kept about a sealed claim leads to anybody.

Preferences and everyday deliveries use the everyday name. What concerns a claim uses the name that holds within that claim
alone (`ClaimState.people`), so that two claims of one person have nothing in common. The inbox and consents use no name at
all: their documents are found by keyed hashes (shared/aggregates/private_lists.py, consents/store.py).
"""

from dataclasses import dataclass

from shared.secrets import Pseudonyms


@dataclass(frozen=True)
class Recipient:
    """A person, by their user id, which is never stored, and by the name that the ledger may keep."""

    user_id: str
    name: str


@dataclass(frozen=True)
class Names:
    """Pseudonyms as this service uses them."""

    pseudonyms: Pseudonyms

    def everyday(self, user_id: str) -> str:
        """The name of preferences, readers and everything that is no secret."""
        return self.pseudonyms.of(user_id)

    def recipient(self, person: str) -> Recipient:
        """From a user id, or from a name in `ClaimState.people`; CannotOpen for a name that is none."""
        if is_within_a_claim(person):
            return Recipient(self.claimant(person), person)
        return Recipient(person, self.everyday(person))

    def claimant(self, name: str) -> str:
        """The user id behind a name in `ClaimState.people`; CannotOpen when it is none."""
        return self.pseudonyms.taken_back(name)

    def everyday_of(self, name: str) -> str:
        """The everyday name of the person whom the ledger keeps under this name."""
        return self.everyday(self.claimant(name)) if is_within_a_claim(name) else name

    def delivery_id(self, event_id: str, recipient: Recipient, template: str) -> str:
        """The key of the ledger: one per event, person and template, whatever name the person goes by there."""
        return self.pseudonyms.of(f"delivery/{event_id}/{recipient.user_id}/{template}")

    def mark_of(self, delivery_id: str) -> str:
        """What a consent remembers of a delivery that used it."""
        return self.pseudonyms.of(f"delivery/{delivery_id}")


def is_within_a_claim(name: str) -> bool:
    """Whether the name holds within one claim alone."""
    return "/" in name
