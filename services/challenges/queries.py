"""What is asked: one challenge, lists of them, and what may be known of claims."""

import asyncio
from collections.abc import Sequence

from services.challenges.domain.challenge import PUBLIC_STATES, Challenge
from services.challenges.domain.claim import Claim
from services.challenges.domain.claim_content import ClaimContent, sha256_of
from services.challenges.sealing import unseal
from services.challenges.store import Store
from services.challenges.views import (
    ChallengeView,
    ClaimView,
    PartnerConsent,
    SealedClaims,
    challenge_view,
    claim_view,
)
from services.challenges.visibility import claim_facts, show
from shared.access.checking import VISITOR, Caller, Facts, allows, check
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role
from shared.events.challenges import ChallengeStatus
from shared.http import paging
from shared.http.paging import Page
from shared.mongo import Document
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import TOKEN_MISSING, Refusal

_CITY_STATES: tuple[ChallengeStatus, ...] = ("submitted", "returned", "approved", "published", "closed")
"""What a city sees of its own: everything from the first submission on."""


async def challenge(store: Store, caller: Caller, challenge_id: str) -> Stored[Challenge]:
    """The challenge, when the caller may see it; otherwise as if it did not exist."""
    found = await store.challenges.get(challenge_id)
    show(found.state, caller)
    return found


async def seen(store: Store, caller: Caller, stored: Stored[Challenge]) -> ChallengeView:
    """The challenge as this caller sees it."""
    count = await claims_count(store, stored.state.id) if stored.state.is_public else 0
    return challenge_view(stored.state, stored.revision, count, caller, now(), store.personal)


async def challenges(
    store: Store,
    caller: Caller,
    *,
    jurisdiction: Jurisdiction | None,
    status: ChallengeStatus | None,
    mine: bool,
    limit: int,
    cursor: str | None,
) -> Page[ChallengeView]:
    """The newest first. A page never shows again what an earlier one showed, whatever is posted meanwhile."""
    if mine and caller == VISITOR:
        raise Refusal(TOKEN_MISSING)
    before = paging.decode_id(cursor)
    shelves = shelves_of(caller, jurisdiction, status, mine=mine)
    found = await asyncio.gather(*(_shelf(store, each, before, limit) for each in shelves))
    merged = {each.state.id: each for shelf in found for each in shelf}
    newest = sorted(merged.values(), key=lambda each: each.state.id, reverse=True)
    page = newest[:limit]
    views = await asyncio.gather(*(seen(store, caller, each) for each in page))
    return Page(items=views, next_cursor=paging.encode(page[-1].state.id) if len(newest) > limit else None)


def shelves_of(
    caller: Caller, jurisdiction: Jurisdiction | None, status: ChallengeStatus | None, *, mine: bool
) -> list[Document]:
    """The queries whose results together are what this caller may list: public ones, the own ones, the own city's."""
    shelves: list[Document] = []
    if not mine:
        shelves.append(_among(tuple(sorted(PUBLIC_STATES)), status))
    if caller.organization_id and caller.holds(Role.ORG_ADMIN):
        own: Document = {"state.state": status} if status else {}
        shelves.append({"state.organization.id": caller.organization_id, **own})
    for city in sorted(each for each in caller.cities(Role.CITY_OPERATOR) if each):
        shelves.append({"state.jurisdiction": city.value, **_among(_CITY_STATES, status)})
    wanted: Document = {"state.jurisdiction": jurisdiction.value} if jurisdiction else {}
    return [
        {**shelf, **wanted}
        for shelf in shelves
        if shelf.get("state.state") != {"$in": []}
        and (not wanted or shelf.get("state.jurisdiction", wanted["state.jurisdiction"]) == jurisdiction)
    ]


async def claims(store: Store, caller: Caller, challenge_id: str) -> SealedClaims:
    """Before the opening: how many are submitted, and the caller's own. Nobody learns more, whoever asks."""
    await challenge(store, caller, challenge_id)
    count = await claims_count(store, challenge_id)
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


async def claims_count(store: Store, challenge_id: str) -> int:
    """How many claims are submitted."""
    submitted = {"state.challenge_id": challenge_id, "state.state": "submitted"}
    return int(await store.claims.collection.count_documents(submitted))


async def _own_claim(store: Store, caller: Caller, challenge_id: str) -> Stored[Claim] | None:
    if caller.organization_id is None:
        return None
    found = await store.claims_by(challenge_id, caller.organization_id)
    own = next((each for each in found if each.state.state != "withdrawn"), None)
    if own is None or not allows("challenges.show-claim", caller, claim_facts(store.names, own.state, caller)):
        return None
    return own


async def _shelf(store: Store, query: Document, before: str | None, limit: int) -> Sequence[Stored[Challenge]]:
    within: Document = {"_id": {"$lt": before}} if before else {}
    return await store.challenges.where({**query, **within}, limit=limit + 1, sort=[("_id", -1)])


def _among(states: Sequence[ChallengeStatus], status: ChallengeStatus | None) -> Document:
    if status is None:
        return {"state.state": {"$in": list(states)}}
    return {"state.state": status if status in states else {"$in": []}}
