"""Answers visitors from the index.

Answers whose cost grows with the index (searches without words, the map) are made once per commit and day: at midnight in
Shanghai some items end.
"""

from datetime import datetime

import tantivy

from services.search.indexing.replica import ReplicaIndex
from services.search.querying import finding, overview, suggesting
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest
from services.search.querying.views import DetailView, MapView, SearchView, SuggestionsView, SuggestionView
from shared.values.clock import now
from shared.values.jurisdictions import day_of
from shared.values.problems import NOT_FOUND, Refusal


async def search(index: ReplicaIndex, request: SearchRequest) -> SearchView:
    """One page of results."""
    today = day_of(now())

    def answer(searcher: tantivy.Searcher, as_of: datetime | None) -> SearchView:
        return SearchView.model_validate(finding.find(searcher, request, as_of, today))

    return await (index.ask(answer) if request.has_words else index.ask_per_commit((request, today), answer))


async def suggest(index: ReplicaIndex, text: str) -> SuggestionsView:
    """Up to ten titles."""
    today = day_of(now())
    found = await index.ask(lambda searcher, _: suggesting.suggest(searcher, text, today))
    return SuggestionsView(items=[SuggestionView.model_validate(each) for each in found])


async def on_the_map(index: ReplicaIndex, criteria: Criteria) -> MapView:
    """Counts and points in the box."""
    today = day_of(now())

    def answer(searcher: tantivy.Searcher, _: object) -> MapView:
        return MapView.model_validate(overview.on_the_map(searcher, criteria, today))

    return await index.ask_per_commit(("map", criteria, today), answer)


async def item(index: ReplicaIndex, item_id: str) -> DetailView:
    """The item with this id; `not_found` for one that is not there, or not public, or no longer."""
    today = day_of(now())
    found = await index.ask(lambda searcher, _: finding.item(searcher, item_id, today))
    if found is None:
        raise Refusal(NOT_FOUND)
    return DetailView.model_validate(found)
