"""Questions about claims: a caller's own claim, and what everybody may know of the others."""

from services.challenges.claiming.claim import Claim
from services.challenges.claiming.content import ClaimContent, sha256_of
from services.challenges.claiming.sealing import unseal
from services.challenges.claiming.store import Store, claims_count
from services.challenges.claiming.views import ClaimView, PartnerConsent, SealedClaims, claim_view
from services.challenges.claiming.visibility import claim_facts
from services.challenges.posting import queries
from shared.access.checking import Caller, Facts, allows, check
from shared.aggregates.aggregates import Stored


async def claims(store: Store, caller: Caller, challenge_id: str) -> SealedClaims:
    """Before the opening: how many are submitted, and the caller's own. Nobody learns more, whoever asks."""
    await queries.challenge(store.posting, caller, challenge_id)
    count = await claims_count(store.claims, challenge_id)
    own = await _own_claim(store, caller, challenge_id)
    if own is None:
        return SealedClaims(sealed=True, count=count)
    return SealedClaims(sealed=True, count=count, mine=await claim_seen(store, own))


async def claim(store: Store, caller: Caller, claim_id: str) -> Stored[Claim]:
    """The caller's own claim; any other is as if it did not exist."""
    found = await store.claims.get(claim_id)
    check("challenges.show-claim", caller, claim_facts(store.names, found.state, caller))
    return found


async def verified_claim(
    store: Store, caller: Caller, claim_id: str, content: ClaimContent
) -> tuple[bool, Stored[Claim]]:
    """Whether this is the content that the claim's receipt stands for. The claimant and its partners may ask."""
    found = await store.claims.get(claim_id)
    facts = claim_facts(store.names, found.state, caller)
    if facts.owner_id:
        facts = Facts(organization_id=caller.organization_id)
    check("challenges.verify-claim", caller, facts)
    return sha256_of(content) == found.state.sha256, found


async def claim_seen(store: Store, stored: Stored[Claim]) -> ClaimView:
    """The claim in the clear, for its claimant. A withdrawn claim has no content any more."""
    kept = stored.state
    if kept.sealed is None:
        return claim_view(kept, stored.revision)
    sealer = await store.data_keys.of(kept.challenge_id)
    opened = unseal(sealer, kept.challenge_id, kept.id, kept.sealed)
    consents = [
        PartnerConsent(organization_id=partner_id, consent=partner.consent)
        for partner_id, partner in zip(opened.content.partner_ids, kept.partners, strict=True)
    ]
    return claim_view(kept, stored.revision, content=opened.content, consents=consents)


def consent_seen(store: Store, caller: Caller, stored: Stored[Claim]) -> ClaimView:
    """The claim as a partner sees it after its answer: the receipt to verify with, and its own consent."""
    pseudonym = store.names.organization(stored.state.challenge_id, caller.organization_id or "")
    own = next(each.consent for each in stored.state.partners if each.organization == pseudonym)
    return claim_view(stored.state, stored.revision, consent=own)


async def _own_claim(store: Store, caller: Caller, challenge_id: str) -> Stored[Claim] | None:
    if caller.organization_id is None:
        return None
    found = await store.claims_by(challenge_id, caller.organization_id)
    own = next((each for each in found if each.state.state != "withdrawn"), None)
    if own is None or not allows("challenges.show-claim", caller, claim_facts(store.names, own.state, caller)):
        return None
    return own
