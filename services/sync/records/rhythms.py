"""How often a city means to push each of its lists 更新周期: in days, kind by kind, as its operator or the alliance said.

A list of which nobody said anything is expected every `USUAL_DAYS`. What is older than its rhythm is stale 陈旧.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

USUAL_DAYS = 30
Days = Annotated[int, Field(ge=1, le=366)]


class Rhythm(Kept):
    """`id` is the jurisdiction; `days` by kind, of those kinds for which it is not the usual."""

    id: Jurisdiction
    days: Mapping[str, int] = Field(default_factory=dict)
    set_by: str | None = None
    set_at: datetime | None = None

    def of(self, kind: str) -> int:
        """Within how many days a list of this kind is expected."""
        return self.days.get(kind, USUAL_DAYS)


def is_stale(last_batch_at: datetime | None, days: int, at: datetime) -> bool:
    """Whether the last good batch is older than the rhythm; also where none ever was."""
    return last_batch_at is None or at - last_batch_at > timedelta(days=days)


async def set_rhythm(
    rhythms: Aggregates[Rhythm],
    caller: Caller,
    attempt: Attempt,
    at: datetime,
    jurisdiction: Jurisdiction,
    days: Mapping[Kind, int],
) -> Stored[Rhythm]:
    """From now on the city's lists are expected so; a kind that is not named, as usual."""
    check("sync.set-rhythm", caller, Facts(jurisdiction=jurisdiction))
    said = {kind.value: each for kind, each in days.items() if each != USUAL_DAYS}

    def decide(before: Rhythm) -> Decision[Rhythm] | None:
        if before.days == said:
            return None
        after = Rhythm(id=jurisdiction, days=said, set_by=caller.id, set_at=at)
        return Decision(after, "set-rhythm", caller.id, None)

    return await change_or_begin(rhythms, Rhythm(id=jurisdiction), decide, attempt)


async def rhythm(rhythms: Aggregates[Rhythm], caller: Caller, jurisdiction: Jurisdiction) -> Stored[Rhythm]:
    """The city's, also where nobody has said anything yet: version 0."""
    check("sync.show-rhythm", caller, Facts(jurisdiction=jurisdiction))
    return await rhythms.find(jurisdiction) or Stored(Rhythm(id=jurisdiction), 0, 0)


async def rhythms_of_all(rhythms: Aggregates[Rhythm]) -> dict[Jurisdiction, Rhythm]:
    """Of every jurisdiction."""
    said = {each.state.id: each.state for each in await rhythms.where({})}
    return {each: said.get(each) or Rhythm(id=each) for each in Jurisdiction}
