"""Answers the home page from the index, once per commit and day."""

from datetime import datetime

import tantivy

from services.search.boards.home import home as home_page
from services.search.boards.views import HomeView
from services.search.indexing.replica import ReplicaIndex
from shared.values.clock import now
from shared.values.jurisdictions import day_of


async def home(index: ReplicaIndex) -> HomeView:
    """The home page."""
    today = day_of(now())

    def answer(searcher: tantivy.Searcher, as_of: datetime | None) -> HomeView:
        return HomeView.model_validate(home_page(searcher, as_of, today))

    return await index.ask_per_commit(("home", today), answer)
