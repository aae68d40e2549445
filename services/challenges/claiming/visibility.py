"""Who sees which claim."""

from services.challenges.claiming.claim import Claim
from services.challenges.claiming.sealing import Names
from shared.access.checking import Caller, Facts


def claim_facts(names: Names, claim: Claim, caller: Caller) -> Facts:
    """Whether the claim is the caller's organisation's, or the caller speaks for a partner: all that can be known."""
    if caller.organization_id is None:
        return Facts()
    pseudonym = names.organization(claim.challenge_id, caller.organization_id)
    if pseudonym == claim.claimant:
        return Facts(organization_id=caller.organization_id)
    if claim.names(pseudonym):
        return Facts(owner_id=caller.id)
    return Facts()


def reader_facts(names: Names, claim: Claim, caller: Caller) -> Facts:
    """The same for reading: a partner reads what it consents to as the claimant does."""
    facts = claim_facts(names, claim, caller)
    return Facts(organization_id=caller.organization_id) if facts.owner_id else facts
