"""Questions about challenges: one of them, and lists."""

import asyncio
from collections.abc import Sequence

from services.challenges.posting.challenge import PUBLIC_STATES, Challenge
from services.challenges.posting.store import Store
from services.challenges.posting.views import ChallengeView, challenge_view
from services.challenges.posting.visibility import show
from shared.access.checking import VISITOR, Caller
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
"""A city sees its own challenges from the first submission on."""


async def challenge(store: Store, caller: Caller, challenge_id: str) -> Stored[Challenge]:
    """The challenge, when the caller may see it; otherwise as if it did not exist."""
    found = await store.challenges.get(challenge_id)
    show(found.state, caller)
    return found


async def seen(store: Store, caller: Caller, stored: Stored[Challenge]) -> ChallengeView:
    """The challenge as this caller sees it."""
    count = await store.claims_count(stored.state.id) if stored.state.is_public else 0
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


async def waiting_in_cities(store: Store, caller: Caller, status: ChallengeStatus, limit: int) -> int | None:
    """How many in this state wait for the caller's city; None for who has none."""
    cities = sorted(each.value for each in caller.cities(Role.CITY_OPERATOR) if each)
    query: Document = {"state.jurisdiction": {"$in": cities}, "state.state": status}
    return await store.challenges.collection.count_documents(query, limit=limit) if cities else None


async def waiting_at_home(store: Store, caller: Caller, status: ChallengeStatus, limit: int) -> int | None:
    """How many in this state wait for the caller's organisation; None for who acts for none."""
    if caller.organization_id is None or not caller.holds(Role.ORG_ADMIN):
        return None
    query: Document = {"state.organization.id": caller.organization_id, "state.state": status}
    return await store.challenges.collection.count_documents(query, limit=limit)


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


async def _shelf(store: Store, query: Document, before: str | None, limit: int) -> Sequence[Stored[Challenge]]:
    within: Document = {"_id": {"$lt": before}} if before else {}
    return await store.challenges.where({**query, **within}, limit=limit + 1, sort=[("_id", -1)])


def _among(states: Sequence[ChallengeStatus], status: ChallengeStatus | None) -> Document:
    if status is None:
        return {"state.state": {"$in": list(states)}}
    return {"state.state": status if status in states else {"$in": []}}
