"""Queries over the saved searches of one person."""

from services.search.saved_searches.rules import SavedSearch
from services.search.saved_searches.store import Store
from services.search.saved_searches.views import SubscriptionView
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.http.paging import Page, decode_id, encode
from shared.values.problems import NOT_FOUND, Refusal


async def saved_search(store: Store, caller: Caller, search_id: str) -> Stored[SavedSearch]:
    """One of the caller's own; any other, and one that was removed, is as if it did not exist."""
    found = await store.saved_searches.get(search_id)
    check("search.show-saved-search", caller, Facts(owner_id=found.state.user_id))
    if found.state.removed:
        raise Refusal(NOT_FOUND)
    return found


async def saved_searches(store: Store, caller: Caller, limit: int, cursor: str | None) -> Page[SubscriptionView]:
    """The caller's own, in the order of saving."""
    after = decode_id(cursor) or ""
    ahead = [each for each in await store.of_user(caller.user_id or "") if each.state.id > after]
    page = [SubscriptionView.of(each) for each in ahead[:limit]]
    return Page(items=page, next_cursor=encode(page[-1].id) if len(ahead) > limit else None)
