"""Questions about claims: a caller's own claim, and what everybody may know of the others."""

from services.challenges.claiming.claim import Claim
from services.challenges.claiming.content import ClaimContent, sha256_of
from services.challenges.claiming.sealing import Opened, unseal
from services.challenges.claiming.store import Store, claims_count
from services.challenges.claiming.views import ClaimView, PartnerConsent, SealedClaims, claim_view
from services.challenges.claiming.visibility import claim_facts, reader_facts
from services.challenges.posting import queries
from shared.access.checking import Caller, allows, check
from shared.aggregates.aggregates import Stored


async def claims(store: Store, caller: Caller, challenge_id: str) -> SealedClaims:
    """Before the opening: how many are submitted, and the caller's own. Nobody learns more, whoever asks."""
    await queries.challenge(store.posting, caller, challenge_id)
    count = await claims_count(store.claims, challenge_id)
    own = await _own_claim(store, caller, challenge_id)
    if own is None:
        return SealedClaims(sealed=True, count=count)
    return SealedClaims(sealed=True, count=count, mine=await claim_seen(store, caller, own))


async def claim(store: Store, caller: Caller, claim_id: str) -> Stored[Claim]:
    """A claim of the caller's organisation, or one that names it as a partner; any other is as if it did not exist."""
    found = await store.claims.get(claim_id)
    check("challenges.show-claim", caller, reader_facts(store.names, found.state, caller))
    return found


async def verified_claim(
    store: Store, caller: Caller, claim_id: str, content: ClaimContent, salt: str | None
) -> tuple[bool, Stored[Claim]]:
    """Whether this is the content that the claim's receipt stands for. The claimant and its partners may ask.

    A holder of a receipt may give its salt; otherwise it is the one of the present version.
    """
    found = await store.claims.get(claim_id)
    check("challenges.verify-claim", caller, reader_facts(store.names, found.state, caller))
    opened = await _opened(store, found.state)
    salt = salt or (opened.salt if opened else None)
    return salt is not None and sha256_of(content, salt) == found.state.sha256, found


async def claim_seen(store: Store, caller: Caller, stored: Stored[Claim]) -> ClaimView:
    """The claim in the clear, for its claimant and its partners. A withdrawn claim has no content any more."""
    kept = stored.state.seen_on((await store.posting.challenges.get(stored.state.challenge_id)).state)
    opened = await _opened(store, kept)
    if opened is None:
        return claim_view(kept, stored.revision)
    own = store.names.organization(kept.challenge_id, caller.organization_id or "")
    shown: dict[str, object] = {"content": opened.proposal}
    if kept.claimant == own:
        shown["consents"] = [
            PartnerConsent(organization_id=partner_id, consent=partner.consent)
            for partner_id, partner in zip(opened.proposal.partner_ids, kept.partners, strict=True)
        ]
    else:
        shown["consent"] = next((each.consent for each in kept.partners if each.organization == own), None)
    return claim_view(kept, stored.revision, salt=opened.salt, **shown)


async def _opened(store: Store, kept: Claim) -> Opened | None:
    """What the claimant wrote, or None once it is erased."""
    if kept.sealed is None:
        return None
    return unseal(await store.data_keys.of(kept.challenge_id), kept.challenge_id, kept.id, kept.sealed)


async def _own_claim(store: Store, caller: Caller, challenge_id: str) -> Stored[Claim] | None:
    if caller.organization_id is None:
        return None
    found = await store.claims_by(challenge_id, caller.organization_id)
    own = next((each for each in found if each.state.state != "withdrawn"), None)
    if own is None or not allows("challenges.show-claim", caller, claim_facts(store.names, own.state, caller)):
        return None
    return own
