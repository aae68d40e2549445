"""A list that lapses 断更: nothing good has come for longer than its city's rhythm. It is told once for each lapse.

What was told of a list is an aggregate, so that a restart or a second replica finds it told; what is new is one guarded write
with its event (law 2). A list that never had a good batch has no rhythm to break: it is shown as stale and nobody is told.
"""

from dataclasses import dataclass
from datetime import datetime

from services.sync.records.freshness import Lists
from services.sync.records.rhythms import Rhythm, is_stale, rhythms_of_all
from shared.aggregates.adopting import Told
from shared.aggregates.aggregates import Aggregates
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Kept
from shared.events.sync import ListState
from shared.values.clock import Clock, now
from shared.values.jurisdictions import Jurisdiction

LOOK_SECONDS = 300.0


class Lapse(Kept):
    """`id` is `jurisdiction/kind`; `last_batch_at` and `expected_days` are what it was judged by last."""

    id: str
    jurisdiction: Jurisdiction
    kind: str
    stale: bool = False
    last_batch_at: datetime
    expected_days: int


def published(lapse: Lapse) -> ListState:
    """What others learn of it."""
    return ListState.model_validate(lapse.model_dump())


def taken_from_log(told: Told, _: Lapse | None) -> Lapse | None:
    """The lapse as the log knows it, which is whole."""
    state = told.newest.data
    return Lapse.model_validate(state.model_dump()) if isinstance(state, ListState) else None


def judge(before: Lapse, last_batch_at: datetime, days: int, at: datetime) -> Decision[Lapse] | None:
    """What there is to tell: the list has become stale, or fresh again.

    It is fresh again by a later batch or by a longer rhythm alone: a clock that is behind takes back nothing.
    """
    if before.stale and last_batch_at <= before.last_batch_at and days <= before.expected_days:
        return None
    stale = is_stale(last_batch_at, days, at)
    if stale == before.stale and (not stale or last_batch_at <= before.last_batch_at):
        return None
    news = {"stale": stale, "last_batch_at": last_batch_at, "expected_days": days}
    return Decision(before.model_copy(update=news), "judge", SYSTEM, "list.stale" if stale else "list.fresh")


@dataclass(frozen=True)
class Lapses:
    """Any replica may look, and twice tells once."""

    told: Aggregates[Lapse]
    lists: Lists
    rhythms: Aggregates[Rhythm]
    clock: Clock = now

    async def look(self) -> None:
        """Finds the lists that lapsed, or came back, since the last look."""
        at, known = self.clock(), {each.state.id: each.state for each in await self.told.where({})}
        rhythms = await rhythms_of_all(self.rhythms)
        for each in await self.lists.all():
            last: datetime | None = each.get("last_batch_at")
            if last is None:
                continue
            jurisdiction, days = Jurisdiction(each["jurisdiction"]), rhythms[each["jurisdiction"]].of(each["kind"])
            fresh = Lapse(
                id=each["_id"], jurisdiction=jurisdiction, kind=each["kind"], last_batch_at=last, expected_days=days
            )
            if judge(known.get(fresh.id, fresh), last, days, at):
                await self._tell(fresh, at)

    async def _tell(self, fresh: Lapse, at: datetime) -> None:
        def decide(before: Lapse) -> Decision[Lapse] | None:
            return judge(before, fresh.last_batch_at, fresh.expected_days, at)

        await change_or_begin(self.told, fresh, decide)
