"""What search answers: from the index whatever is looked for, from the read model `items` the one thing that is named."""

from services.search.domain.criteria import Criteria
from services.search.domain.saved_search import SavedSearch
from services.search.index import browsing, finding
from services.search.index.finding import SearchRequest
from services.search.index.replica import ReplicaIndex
from services.search.store import Store
from services.search.views import (
    DetailView,
    HomeView,
    MapView,
    SearchView,
    SubscriptionView,
    SuggestionsView,
    SuggestionView,
)
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.http.paging import Page, decode_id, encode
from shared.projections.read_models import ReadModel
from shared.values.problems import NOT_FOUND, Refusal


async def search(index: ReplicaIndex, request: SearchRequest) -> SearchView:
    """A page of what fits."""
    found = await index.ask(lambda searcher, as_of: finding.find(searcher, request, as_of))
    return SearchView.model_validate(found)


async def suggest(index: ReplicaIndex, text: str) -> SuggestionsView:
    """Up to ten titles."""
    found = await index.ask(lambda searcher, _: browsing.suggest(searcher, text))
    return SuggestionsView(items=[SuggestionView.model_validate(each) for each in found])


async def on_the_map(index: ReplicaIndex, criteria: Criteria) -> MapView:
    """What lies in the box."""
    return MapView.model_validate(await index.ask(lambda searcher, _: browsing.on_the_map(searcher, criteria)))


async def home(index: ReplicaIndex) -> HomeView:
    """The home page."""
    return HomeView.model_validate(await index.ask(browsing.home))


async def item(items: ReadModel, item_id: str) -> DetailView:
    """The item with this id; `not_found` for one that is not there, or not public, or no longer."""
    document = await items.collection.find_one({"_id": item_id})
    if document is None or document["deleted"]:
        raise Refusal(NOT_FOUND)
    shown, state = document["item"], document["state"]
    whole = {"challenge": None, "record": None, shown["type"]: state}
    return DetailView.model_validate({**shown, "version": document["version"], **whole})


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
    ahead = [each.state for each in await store.of_user(caller.user_id or "") if each.state.id > after]
    page = [SubscriptionView.of(each) for each in ahead[:limit]]
    return Page(items=page, next_cursor=encode(page[-1].id) if len(ahead) > limit else None)
