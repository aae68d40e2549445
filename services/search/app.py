"""The composition of search: the process that answers, and the one that writes the index and reacts to events."""

import asyncio

from services.search.boards.routes import board_routes
from services.search.indexing.feed import GROUP
from services.search.indexing.folder import Folder
from services.search.indexing.indexer import Indexer
from services.search.indexing.replica import NAME, ReplicaIndex
from services.search.labels.routes import label_routes
from services.search.querying.plan import plan_of
from services.search.querying.routes import item_routes
from services.search.retention import RETENTION
from services.search.saved_searches.consumers import Percolation
from services.search.saved_searches.routes import subscription_routes
from services.search.saved_searches.rules import SavedSearch
from services.search.saved_searches.store import Store, published, taken_from_log
from shared.aggregates.aggregates import not_published
from shared.events.search import SavedSearchHit
from shared.messaging.consuming import Subscription
from shared.runtime.service import Service
from shared.settings import Settings


def build(settings: Settings) -> Service:
    """The answering process. Several may run beside each other on one machine."""
    service = Service("search", settings, keeps=RETENTION)
    store = _store(service)
    index = ReplicaIndex(service.bus, service.database["index_pointers"], _folder(settings))
    service.read_models[NAME] = index
    service.check(NAME, index.check, needed=True)
    service.dead_letters.handles(GROUP, index.read_again)
    service.lags(index)
    for each in _percolations(service, store):
        service.consumed_elsewhere(each)
    service.prepare(_read_dictionaries)
    service.local(index.locate, index.run)
    service.routes(item_routes(index))
    service.routes(board_routes(index))
    service.routes(label_routes())
    service.routes(subscription_routes(store))
    return service


def build_worker(settings: Settings) -> Service:
    """The indexing process of this machine; it also compares new publications with the saved searches."""
    service = Service("search", settings, process="search-worker", keeps=RETENTION)
    pointers, whole = service.database["index_pointers"], service.publications.are_complete
    indexer = Indexer(service.bus, service.parking, pointers, _folder(settings), whole)
    service.check(NAME, indexer.check)
    service.reads(lambda: indexer.consumers)
    service.prepare(_read_dictionaries)
    service.run(indexer.run)
    for each in _percolations(service, _store(service)):
        service.consume(each)
    return service


def _percolations(service: Service, store: Store) -> tuple[Subscription, ...]:
    percolation = Percolation(store)
    return (
        service.reaction("percolator", {"challenge.published": percolation.challenge_published}),
        Subscription("search.record-percolator", ("huning.records",), percolation.records_came),
    )


def _folder(settings: Settings) -> Folder:
    """One for all processes of search on this machine."""
    return Folder(settings.home / "data" / "search")


def _store(service: Service) -> Store:
    store = Store(
        saved_searches=service.aggregates("saved_searches", SavedSearch, not_published),
        hits=service.aggregates("saved_search_hits", SavedSearchHit, published, take=taken_from_log),
        counters=service.database["counters"],
    )
    service.prepare(store.prepare)
    return store


async def _read_dictionaries() -> None:
    """Loads the dictionaries of words and pinyin at the start, since they take a tenth of a second."""
    await asyncio.to_thread(plan_of, "词典")
