"""Reading one's inbox: one item, or everything."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from services.notifications.inbox.reader import Reader, read_everything, read_one
from services.notifications.inbox.store import Inbox, Placed
from services.notifications.names import Names
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import Decision
from shared.values import problems
from shared.values.clock import Clock
from shared.values.problems import Refusal


@dataclass(frozen=True)
class InboxCommands:
    """Everything that a person does with their inbox."""

    inbox: Inbox
    readers: Aggregates[Reader]
    names: Names
    clock: Clock

    async def mark_read(self, item_id: str, caller: Caller, attempt: Attempt) -> tuple[Placed, Stored[Reader]]:
        """One's own item, read now or earlier; 404 for anybody else's. An item has no version that could conflict."""
        placed = await self.inbox.find(caller.id, item_id)
        if placed is None:
            raise Refusal(problems.NOT_FOUND)
        check("notifications.read", caller, Facts(owner_id=caller.id))
        read = partial(read_one, position=placed.position, at=self.clock())
        return placed, await self._as_reader(caller, replace(attempt, if_match=None), read)

    async def mark_all_read(self, caller: Caller, attempt: Attempt) -> Stored[Reader]:
        """Marks what there is in one's inbox as read. A repeat reads nothing that came since."""
        length = await self.inbox.length(caller.id)
        return await self._as_reader(caller, attempt, partial(read_everything, length=length, at=self.clock()))

    async def _as_reader(
        self, caller: Caller, attempt: Attempt, decide: Callable[[Reader], Decision[Reader]]
    ) -> Stored[Reader]:
        fresh = Reader(id=self.names.everyday(caller.id))
        return await change_or_begin(self.readers, fresh, decide, attempt.by(fresh.id))
