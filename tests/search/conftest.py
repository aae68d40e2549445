"""Saved searches on the run's database, and their routes in this process with a caller of the test's choice."""

from collections.abc import Callable

import httpx
import pytest
from starlette.requests import Request

from services.search.domain.saved_search import SavedSearch
from services.search.routes import subscription_routes
from services.search.store import Store, published
from shared.access import Caller
from shared.aggregates import Aggregates, not_published
from shared.events.search import MatchState
from shared.http import create_app
from shared.mongo import Database
from shared.settings import Settings


@pytest.fixture
async def store(database: Database) -> Store:
    made = Store(
        saved_searches=Aggregates(database["saved_searches"], SavedSearch, not_published),
        matches=Aggregates(database["matches"], MatchState, published),
        counters=database["counters"],
    )
    await made.saved_searches.prepare()
    await made.prepare()
    return made


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Callable[[Caller], httpx.AsyncClient]:
    """A client whose requests come from this caller."""

    def client(caller: Caller) -> httpx.AsyncClient:
        async def authenticate(_: Request) -> Caller:
            return caller

        app = create_app("search", test_settings, authenticate)
        app.include_router(subscription_routes(store))
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://search")

    return client
