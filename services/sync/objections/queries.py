"""The objections that a caller may see."""

from services.sync.objections.commands import facts_of
from services.sync.objections.objection import Objection, State
from services.sync.objections.store import Objections
from services.sync.objections.views import ObjectionView, objection_view
from shared.access.checking import Caller, check, cities_listed
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role
from shared.http import paging
from shared.http.paging import Page
from shared.mongo import Document
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction


async def show_objection(objections: Objections, caller: Caller, objection_id: str) -> Stored[Objection]:
    """One, for whoever objected, its city and the alliance; for others as if there were none."""
    stored = await objections.all.get(objection_id)
    check("sync.show-objection", caller, facts_of(stored.state))
    return stored


async def list_objections(
    objections: Objections,
    personal: PersonalData,
    caller: Caller,
    limit: int,
    cursor: str | None,
    *,
    jurisdiction: Jurisdiction | None = None,
    state: State | None = None,
    record_id: str | None = None,
    mine: bool = False,
) -> Page[ObjectionView]:
    """One's own, and for operators those of their city or of all, newest first."""
    asked = {
        "state.jurisdiction": jurisdiction,
        "state.state": state,
        "state.record_id": record_id,
        "state.objector_id": caller.id if mine else None,
    }
    narrowed: Document = {name: value for name, value in asked.items() if value is not None}
    cities = cities_listed("sync.show-objection", caller)
    below = paging.decode_id(cursor)
    seen = None if cities is None else sorted(cities)
    found = await objections.listed(caller.id, seen, narrowed, below, limit + 1)
    items = [objection_view(each, caller, personal) for each in found[:limit]]
    return Page(items=items, next_cursor=paging.encode(items[-1].id) if len(found) > limit else None)


async def to_answer(objections: Objections, caller: Caller, limit: int) -> int | None:
    """How many wait for an answer of the caller's cities, up to a limit; None for whoever is of none."""
    cities = {each for each in caller.cities(Role.CITY_OPERATOR) if each}
    return await objections.open_of_cities(cities, limit) if cities else None
