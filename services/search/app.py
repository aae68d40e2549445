"""The composition of search: the only file that sees all its parts."""

import asyncio

from services.search.boards.routes import board_routes
from services.search.domain.items import TOPICS
from services.search.indexing import projections
from services.search.indexing.feed import GROUP
from services.search.indexing.replica import NAME, ReplicaIndex
from services.search.querying.plan import plan_of
from services.search.querying.routes import item_routes
from services.search.saved_searches.consumers import Percolation
from services.search.saved_searches.routes import subscription_routes
from services.search.saved_searches.rules import SavedSearch
from services.search.saved_searches.store import Store, published
from shared.aggregates.aggregates import not_published
from shared.events.search import SavedSearchHit
from shared.projections.read_models import ReadModel
from shared.runtime.service import Service
from shared.settings import Settings


def build(settings: Settings) -> Service:
    """The service, ready to be served."""
    service = Service("search", settings)
    store = Store(
        saved_searches=service.aggregates("saved_searches", SavedSearch, not_published),
        hits=service.aggregates("saved_search_hits", SavedSearchHit, published),
        counters=service.database["counters"],
    )
    folder = settings.home / "data" / f"search-{settings.replica}"
    index = ReplicaIndex(service.bus, service.parking, service.database["index_pointers"], folder)
    items = service.read_model(ReadModel("items", TOPICS, projections.item))
    service.read_models[NAME] = index
    service.extra_checks[NAME] = index.check
    service.dead_letters.handles(GROUP, index.read_again)
    service.prepare(store.prepare)
    service.prepare(_read_dictionaries)
    service.run(index.run)
    service.react("percolator", {"challenge.published": Percolation(store).published})
    service.routes(item_routes(index, items))
    service.routes(board_routes(index))
    service.routes(subscription_routes(store))
    return service


async def _read_dictionaries() -> None:
    """Words and pinyin are read when they are first needed, a tenth of a second; not while somebody waits."""
    await asyncio.to_thread(plan_of, "词典")
