"""Writing deliveries into the ledger, judged at once, and handing those that may go to the sender."""

from dataclasses import dataclass
from typing import Protocol

from services.notifications.names import Names
from services.notifications.sending import delivery as rules
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.judging import Go, Skip, Wait, judge
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger
from services.notifications.store import Person
from shared.aggregates.decisions import Decision
from shared.mongo import DuplicateKeyError
from shared.values.clock import Clock


class Offer(Protocol):
    """The door of the sender (sender.py)."""

    def __call__(self, delivery: Delivery, judged_for: Person | None = None) -> None: ...


@dataclass(frozen=True)
class Queueing:
    """Queues deliveries. The same delivery again changes nothing."""

    ledger: Ledger
    standings: Standings
    names: Names
    offer: Offer
    clock: Clock

    async def queue(self, row: Delivery) -> None:
        """The row in the ledger, once. What cannot go at all is written as skipped, so that it can be seen why."""
        at = row.created_at
        person = await self.standings.person(row)
        standing = await self.standings.of(row, person)
        first: Decision[Delivery] | None = rules.queue(row)
        match judge(row, standing, at):
            case Skip(reason):
                first = rules.skip(row, reason, at)
            case Wait(until, reason, awaits):
                waiting = rules.postpone(row, until, reason, row.recipient if awaits else None)
                first = rules.queue(waiting.state) if waiting else None
            case Go():
                pass
        if first is None:
            return
        try:
            stored = await self.ledger.rows.create(first)
        except DuplicateKeyError:
            return
        self.offer(stored.state, person)

    async def release(self, pseudonym: str) -> None:
        """Lets go what waited for the person of this everyday name. Rows about sealed claims ask again by themselves."""
        for waiting in await self.ledger.awaiting(pseudonym):
            freed = await self.ledger.rows.change(waiting.id, lambda row: rules.release(row, self.clock()))
            self.offer(freed.state)
