"""Answers the home page from the index, once per commit."""

from datetime import datetime

import tantivy

from services.search.boards.home import home as home_page
from services.search.boards.views import HomeView
from services.search.indexing.replica import ReplicaIndex


async def home(index: ReplicaIndex) -> HomeView:
    """The home page."""

    def answer(searcher: tantivy.Searcher, as_of: datetime | None) -> HomeView:
        return HomeView.model_validate(home_page(searcher, as_of))

    return await index.ask_per_commit("home", answer)
