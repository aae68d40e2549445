"""Questions about claims: a caller's own claim, and what everybody may know of the others."""

from services.challenges.claiming.claim import Claim, Version
from services.challenges.claiming.content import ClaimContent, sha256_of
from services.challenges.claiming.sealing import Opened, unseal
from services.challenges.claiming.store import Store, claims_count
from services.challenges.claiming.views import (
    ClaimView,
    ListedClaim,
    SealedClaims,
    claim_view,
    listed_claim,
)
from services.challenges.claiming.visibility import claim_facts, reader_facts
from services.challenges.posting import queries
from shared.access.checking import Caller, allows, check
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role
from shared.http import paging
from shared.http.paging import Page
from shared.values.clock import now


async def claims(store: Store, caller: Caller, challenge_id: str) -> SealedClaims:
    """Before the opening: how many are submitted, and the caller's own. Nobody learns more."""
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


async def own_claims(
    store: Store, caller: Caller, states: frozenset[str] | None, limit: int, cursor: str | None
) -> Page[ListedClaim]:
    """The claims that the caller's organisation leads or takes part in, the newest first, in whatever state.

    They are found by the organisation's private list: nothing in a claim connects it with another one.
    """
    if caller.organization_id is None or not caller.holds(Role.ORG_ADMIN):
        return Page(items=[])
    entries = await store.lists.read_all(caller.organization_id)
    before = _position(cursor, len(entries))
    found: list[tuple[int, ListedClaim]] = []
    for entry in reversed(entries[:before]):
        if len(found) > limit:
            break
        listed = await _listed(store, caller, entry.name)
        if listed and (states is None or listed.state in states):
            found.append((entry.position, listed))
    more = paging.encode(str(found[limit - 1][0])) if len(found) > limit else None
    return Page(items=[listed for _, listed in found[:limit]], next_cursor=more)


def _position(cursor: str | None, length: int) -> int:
    """Before which position of the list the page begins."""
    text = paging.decode_text(cursor)
    if text is None:
        return length
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise paging.bad_cursor()
    return int(text)


async def _listed(store: Store, caller: Caller, claim_id: str) -> ListedClaim | None:
    """None for an entry whose claim was never written, or which the claim has left out since."""
    stored = await store.claims.find(claim_id)
    if stored is None or not allows("challenges.show-claim", caller, reader_facts(store.names, stored.state, caller)):
        return None
    challenge = (await store.posting.challenges.get(stored.state.challenge_id)).state
    return listed_claim(stored, challenge, _own_name(store, caller, stored.state), now())


async def verified_claim(
    store: Store, caller: Caller, claim_id: str, content: ClaimContent, salt: str | None
) -> tuple[bool, Stored[Claim]]:
    """Whether this is the content that the claim's receipt stands for. The claimant and its partners may ask.

    A holder of a receipt may give its salt; otherwise it is the one of the present version.
    """
    found = await store.claims.get(claim_id)
    check("challenges.verify-claim", caller, reader_facts(store.names, found.state, caller))
    opened = await _readable(store, caller, found.state)
    salt = salt or (opened.salt if opened else None)
    return salt is not None and sha256_of(content, salt) == found.state.sha256, found


async def claim_seen(store: Store, caller: Caller, stored: Stored[Claim]) -> ClaimView:
    """The claim in the clear, for its claimant and its partners. A withdrawn claim has no content any more."""
    own = _own_name(store, caller, stored.state)
    challenge = (await store.posting.challenges.get(stored.state.challenge_id)).state
    seen = stored.state.seen_on(challenge).seen_by(own)
    pending = await _opened(store, seen, seen.pending) if seen.pending else None
    return claim_view(seen, stored.revision, own, await _readable(store, caller, seen), pending)


async def _readable(store: Store, caller: Caller, claim: Claim) -> Opened | None:
    """The content that the claim stands for in the clear; None once it is erased, and for who is asked about another."""
    if claim.standing is None or not claim.shows_content_to(_own_name(store, caller, claim)):
        return None
    return await _opened(store, claim, claim.standing)


async def _opened(store: Store, claim: Claim, version: Version) -> Opened:
    return unseal(await store.data_keys.of(claim.challenge_id), claim.challenge_id, claim.id, version.sealed)


def _own_name(store: Store, caller: Caller, claim: Claim) -> str:
    """The pseudonym within the claim's challenge of the organisation that the caller acts for."""
    return store.names.organization(claim.challenge_id, caller.organization_id or "")


async def _own_claim(store: Store, caller: Caller, challenge_id: str) -> Stored[Claim] | None:
    if caller.organization_id is None:
        return None
    found = await store.claims_by(challenge_id, caller.organization_id)
    own = next((each for each in found if each.state.state != "withdrawn"), None)
    if own is None or not allows("challenges.show-claim", caller, claim_facts(store.names, own.state, caller)):
        return None
    return own
