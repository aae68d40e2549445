"""Saved searches on the run's database, and their routes in this process with a caller of the test's choice."""

import pytest

from services.search.saved_searches.routes import subscription_routes
from services.search.saved_searches.rules import SavedSearch
from services.search.saved_searches.store import Store, published
from shared.aggregates.aggregates import Aggregates, not_published
from shared.events.search import SavedSearchHit
from shared.mongo import Database
from shared.settings import Settings
from tests.door import Door, asking_as


@pytest.fixture
async def store(database: Database) -> Store:
    made = Store(
        saved_searches=Aggregates(database["saved_searches"], SavedSearch, not_published),
        hits=Aggregates(database["saved_search_hits"], SavedSearchHit, published),
        counters=database["counters"],
    )
    await made.saved_searches.prepare()
    await made.prepare()
    return made


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Door:
    """A client whose requests come from this caller."""
    return lambda caller: asking_as(caller, "search", test_settings, subscription_routes(store))
