"""What a visitor is answered: from the index what they look for, from the read model `items` the one that they name."""

from services.search.indexing.replica import ReplicaIndex
from services.search.querying import finding, overview, suggesting
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest
from services.search.querying.views import DetailView, MapView, SearchView, SuggestionsView, SuggestionView
from shared.projections.read_models import ReadModel
from shared.values.problems import NOT_FOUND, Refusal


async def search(index: ReplicaIndex, request: SearchRequest) -> SearchView:
    """A page of what fits."""
    found = await index.ask(lambda searcher, as_of: finding.find(searcher, request, as_of))
    return SearchView.model_validate(found)


async def suggest(index: ReplicaIndex, text: str) -> SuggestionsView:
    """Up to ten titles."""
    found = await index.ask(lambda searcher, _: suggesting.suggest(searcher, text))
    return SuggestionsView(items=[SuggestionView.model_validate(each) for each in found])


async def on_the_map(index: ReplicaIndex, criteria: Criteria) -> MapView:
    """What lies in the box."""
    return MapView.model_validate(await index.ask(lambda searcher, _: overview.on_the_map(searcher, criteria)))


async def item(items: ReadModel, item_id: str) -> DetailView:
    """The item with this id; `not_found` for one that is not there, or not public, or no longer."""
    document = await items.collection.find_one({"_id": item_id})
    if document is None or document["deleted"]:
        raise Refusal(NOT_FOUND)
    shown, state = document["item"], document["state"]
    whole = {"challenge": None, "record": None, shown["type"]: state}
    return DetailView.model_validate({**shown, "version": document["version"], **whole})
