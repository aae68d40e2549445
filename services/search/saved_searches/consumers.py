"""Events → saved-search hits: what is new is compared with every saved search.

Challenges and records have a consumer group each, so that a challenge never waits behind a city's load of records.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from opentelemetry.trace import SpanKind

from services.search.domain.items import Item, item_of
from services.search.saved_searches import rules
from services.search.saved_searches.percolator import Percolator
from services.search.saved_searches.store import Store
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.telemetry import span
from shared.values.jurisdictions import day_of


@dataclass
class Percolation:
    """Publishes a hit for each saved search that a new item fits. A repeated event finds the hits that are there already."""

    store: Store
    _percolator: Percolator = field(default_factory=Percolator)
    _as_of_change: int = 0

    async def challenge_published(self, event: Event) -> None:
        """`challenge.published`."""
        percolator = await self._up_to_date()
        for hit in hits_of(percolator, event):
            await self.store.tell(hit)

    async def records_came(self, events: Sequence[Event]) -> None:
        """A batch of the records' topic: each `record.added` is an item; a record that only changed is no news."""
        percolator = await self._up_to_date()
        new = [each for each in events if each.type.short == "record.added" and each.time >= percolator.news_since]
        if not new:
            return
        # Tokenising takes CPU: the loop goes on answering meanwhile.
        found = await asyncio.to_thread(lambda: [(event, hits_of(percolator, event)) for event in new])
        for event, hits in found:
            with span("percolate record", event.traceparent, kind=SpanKind.CONSUMER, event_id=event.id):
                for hit in hits:
                    await self.store.tell(hit)

    async def _up_to_date(self) -> Percolator:
        """With every saved search that was acknowledged before now, on whichever replica."""
        change = await self.store.changes()
        if change != self._as_of_change:
            self._percolator = Percolator(await self.store.all_saved())
            self._as_of_change = change
        return self._percolator


def hits_of(percolator: Percolator, event: Event) -> list[SavedSearchHit]:
    """The hits of an event; none where it is about nothing that the public may see, or that had ended by then."""
    item = item_of(event)
    if not isinstance(item, Item) or not item.is_current(day_of(event.time)):
        return []
    return rules.hits(percolator.met_by(item), event, item)
