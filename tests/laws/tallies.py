"""The smallest aggregate, for the tests of law 2."""

from collections.abc import Callable
from datetime import datetime

from shared.aggregates.aggregates import Aggregates
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.events.sync import AdvanceBatch
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction


class Tally(Kept):
    """The smallest aggregate: it counts."""

    id: str
    count: int = 0
    note: str = ""
    moment: datetime | None = None
    removed: bool = False


def told(tally: Tally) -> AdvanceBatch:
    return AdvanceBatch(batch_id=f"{tally.count}", jurisdiction=Jurisdiction.WUXI)


def counted(tally: Tally) -> Decision[Tally]:
    return Decision(tally.model_copy(update={"count": tally.count + 1}), "count", "person", "batch.advance")


async def begin(tallies: Aggregates[Tally]) -> str:
    tally = Tally(id=new_id())
    await tallies.create(Decision(tally, "count", "person", "batch.advance"))
    return tally.id


Make = Callable[..., Aggregates[Tally]]
"""Makes empty aggregates, from a function that makes the payload of an event and from what `Aggregates` takes by name."""
