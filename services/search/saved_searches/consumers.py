"""Events → saved-search hits: a published challenge is compared with every saved search."""

from dataclasses import dataclass, field

from services.search.domain.items import Item, item_of
from services.search.saved_searches import rules
from services.search.saved_searches.percolator import Percolator
from services.search.saved_searches.store import Store
from shared.events.envelope import Event


@dataclass
class Percolation:
    """Publishes a hit for each saved search that a published challenge fits."""

    store: Store
    _percolator: Percolator = field(default_factory=Percolator)
    _as_of_change: int = 0

    async def published(self, event: Event) -> None:
        """`challenge.published`. A repeated event finds the same hits, which are there already."""
        item = item_of(event)
        if not isinstance(item, Item):
            return
        percolator = await self._up_to_date()
        for hit in rules.hits(percolator.met_by(item), event, item):
            await self.store.tell(hit)

    async def _up_to_date(self) -> Percolator:
        """With every saved search that was acknowledged before now, on whichever replica."""
        change = await self.store.changes()
        if change != self._as_of_change:
            self._percolator = Percolator(await self.store.all_saved())
            self._as_of_change = change
        return self._percolator
