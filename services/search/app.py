"""The composition of search: the only file that sees all its parts."""

import asyncio

from services.search import projections
from services.search.consumers import Percolation
from services.search.domain.items import TOPICS
from services.search.domain.plan import plan_of
from services.search.domain.saved_search import SavedSearch
from services.search.index.feed import GROUP
from services.search.index.replica import NAME, ReplicaIndex
from services.search.routes import item_routes, subscription_routes
from services.search.store import Store, published
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
    service.routes(subscription_routes(store))
    return service


async def _read_dictionaries() -> None:
    """Words and pinyin are read when they are first needed, a tenth of a second; not while somebody waits."""
    await asyncio.to_thread(plan_of, "词典")
