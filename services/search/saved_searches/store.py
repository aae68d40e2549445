"""The collections of search: saved searches, and the hits that were published."""

from dataclasses import dataclass
from datetime import timedelta

from services.search.saved_searches.rules import MOST_OF_ONE_BATCH, SavedSearch
from shared.aggregates.adopting import Told
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.decisions import SYSTEM, Decision
from shared.events.search import SavedSearchHit
from shared.mongo import Collection, DuplicateKeyError, IndexModel
from shared.values.clock import Clock, now

_COUNTER = "saved_searches"
NEWS_FOR = timedelta(days=30)
"""What happened longer ago is no hit any more. Hits are kept for longer: one that was removed never comes again."""


@dataclass
class Store:
    """The aggregates, and a counter that every change of a saved search raises before it is acknowledged.

    A replica that sees the same counter as before has seen every saved search that anybody was told is saved.
    """

    saved_searches: Aggregates[SavedSearch]
    hits: Aggregates[SavedSearchHit]
    counters: Collection
    clock: Clock = now

    async def prepare(self) -> None:
        """Makes the indexes beyond those of every aggregate."""
        indexes = [IndexModel("state.user_id"), IndexModel("state.removed")]
        await self.saved_searches.collection.create_indexes(indexes)
        await self.hits.collection.create_indexes([IndexModel([("state.subscription_id", 1), ("state.batch_id", 1)])])

    async def of_user(self, user_id: str) -> list[Stored[SavedSearch]]:
        """The user's saved searches without the removed ones, in the order of saving."""
        found = await self.saved_searches.where({"state.user_id": user_id})
        return sorted((each for each in found if not each.state.removed), key=lambda each: each.state.id)

    async def all_saved(self) -> list[SavedSearch]:
        """Every saved search that still tells."""
        return [each.state for each in await self.saved_searches.where({"state.removed": False})]

    async def changes(self) -> int:
        """The number of changes to saved searches."""
        counter = await self.counters.find_one({"_id": _COUNTER})
        return int(counter["changes"]) if counter else 0

    async def changed(self) -> None:
        """Raises the counter; comes after the write and before the answer."""
        await self.counters.update_one({"_id": _COUNTER}, {"$inc": {"changes": 1}}, upsert=True)

    async def tell(self, hit: SavedSearchHit) -> None:
        """Stores a hit with its event, once; not of what is long past, nor where the search has told of enough records of
        this batch."""
        if self.clock() - hit.occurred_at > NEWS_FOR:
            return
        if hit.batch_id and await self._has_told_enough(hit):
            return
        try:
            await self.hits.create(Decision(hit, "hit", SYSTEM, "saved-search.hit"))
        except DuplicateKeyError:
            return  # stored before: the event came again

    async def _has_told_enough(self, hit: SavedSearchHit) -> bool:
        """Two replicas may look at once, so it may be one or two more."""
        of_the_batch = {"state.subscription_id": hit.subscription_id, "state.batch_id": hit.batch_id}
        return len(await self.hits.where(of_the_batch, limit=MOST_OF_ONE_BATCH)) == MOST_OF_ONE_BATCH


def published(hit: SavedSearchHit) -> SavedSearchHit:
    """A hit is published as it is stored."""
    return hit


def taken_from_log(told: Told, _: SavedSearchHit | None) -> SavedSearchHit | None:
    """A hit is stored as it was published."""
    state = told.newest.data
    return state if isinstance(state, SavedSearchHit) else None
