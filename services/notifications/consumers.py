"""Kafka: what each event sets off here, after the read models have it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.commands import Commands
from services.notifications.composing.composer import Teller
from services.notifications.store import People
from shared.events.accounts import UserState
from shared.events.challenges import ChallengeState
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.telemetry import span

_AT_ONCE = 16


@dataclass(frozen=True)
class Reactions:
    """What happens here at each event of the topics that this service follows."""

    teller: Teller
    commands: Commands
    people: People

    async def hear(self, events: Sequence[Event]) -> None:
        """A batch: what concerns one thing in order, several things at once. Raises the first failure of any."""
        by_concern: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            by_concern[_concern(event)].append(event)
        limit = asyncio.Semaphore(_AT_ONCE)

        async def in_order(mine: list[Event]) -> None:
            async with limit:
                for event in mine:
                    with span(f"hear {event.type.short}", event.traceparent, event_id=event.id):
                        await self._hear_one(event)

        # Not a TaskGroup: the consumer has to see the failure itself to know whether waiting helps.
        results = await asyncio.gather(*map(in_order, by_concern.values()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _hear_one(self, event: Event) -> None:
        """First what waited for this event, then what it has to tell itself."""
        if isinstance(event.data, UserState):
            await self._person_came(event)
        elif isinstance(event.data, ChallengeState):
            await self.teller.challenge_came(event)
        await self.teller.tell(event)

    async def _person_came(self, event: Event) -> None:
        person = await self.people.by_id(event.subject)
        if person and person.openid_index:
            await self.commands.settle_early_answers(person.openid_index, person.pseudonym)
        await self.teller.person_came(event)


def _concern(event: Event) -> str:
    """The aggregate; of saved-search hits their person, whose digest they would else all write at once."""
    return event.data.user_id if isinstance(event.data, SavedSearchHit) else event.subject
