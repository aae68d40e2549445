"""How far each list is applied: a place in it at or below which nothing is written any more.

A list's settled batches are done as a whole; of the first batch that waits, what its progress counts. Both only grow, so it
does not matter which of them is read first.
"""

from dataclasses import dataclass

from services.sync.applying.receipts import Receipts
from services.sync.intake.places import Places
from services.sync.records.freshness import Lists
from services.sync.records.record import end_of, position_of


@dataclass(frozen=True)
class Applied:
    """Asked anew for each page."""

    lists: Lists
    places: Places
    receipts: Receipts

    async def __call__(self) -> dict[str, int]:
        """The place of each list that ever had a batch."""
        ends = {str(each["_id"]): end_of(int(each.get("seq", 0))) for each in await self.lists.all()}
        begun = set[str]()
        for place in await self.places.waiting():
            if place.list not in begun:
                begun.add(place.list)
                progress = await self.receipts.how_far(place.batch_id)
                done = position_of(place.seq, progress.rows + progress.withdrawn)
                ends[place.list] = max(ends.get(place.list, 0), done)
        return ends
