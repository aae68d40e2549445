"""Events → what search does about them: a published challenge meets the saved searches."""

from dataclasses import dataclass, field

from services.search.domain import saved_search as domain
from services.search.domain.items import Item, item_of
from services.search.domain.percolator import Percolator
from services.search.store import Store
from shared.events.challenges import ChallengeState
from shared.events.envelope import Event


@dataclass
class Percolation:
    """Tells each saved search of a published challenge that fits it."""

    store: Store
    _percolator: Percolator = field(default_factory=Percolator)
    _as_of_change: int = 0

    async def published(self, event: Event) -> None:
        """`challenge.published`. Coming again, it finds the same matches, which are told already."""
        item = item_of(event)
        if not isinstance(event.data, ChallengeState) or not isinstance(item, Item):
            return
        percolator = await self._up_to_date()
        for match in domain.matches(percolator.met_by(item), event, event.data):
            await self.store.tell(match)

    async def _up_to_date(self) -> Percolator:
        """With every saved search that was acknowledged before now, on whichever replica."""
        change = await self.store.changes()
        if change != self._as_of_change:
            self._percolator = Percolator(await self.store.all_saved())
            self._as_of_change = change
        return self._percolator
