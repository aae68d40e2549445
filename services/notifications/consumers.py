"""Kafka: the reactions to each event, after the read models have it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from opentelemetry.trace import SpanKind

from services.notifications.composing.catching_up import CatchingUp
from services.notifications.composing.composer import Composer
from services.notifications.consents.commands import ConsentCommands
from services.notifications.store import People
from shared.events.accounts import UserState
from shared.events.challenges import ChallengeState
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.telemetry import span

_AT_ONCE = 16


@dataclass(frozen=True)
class Reactions:
    """Reacts to the events of the topics that this service follows."""

    composer: Composer
    catching_up: CatchingUp
    consents: ConsentCommands
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
                    with span(f"hear {event.type.short}", event.traceparent, kind=SpanKind.CONSUMER, event_id=event.id):
                        await self._hear_one(event)

        # Not a TaskGroup: the consumer has to see the failure itself to know whether waiting helps.
        results = await asyncio.gather(*map(in_order, by_concern.values()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _hear_one(self, event: Event) -> None:
        """Composes first the messages that waited for this event, then its own."""
        if isinstance(event.data, UserState):
            await self._person_came(event)
        elif isinstance(event.data, ChallengeState):
            await self.catching_up.challenge_came(event.subject)
        await self.composer.compose(event)

    async def _person_came(self, event: Event) -> None:
        person = await self.people.by_id(event.subject)
        if person and person.openid_index:
            await self.consents.settle_early_answers(person.openid_index, person.user_id)
        await self.catching_up.person_came(event)


def _concern(event: Event) -> str:
    """The aggregate's id; for a hit its owner's, because all hits of one person write the same digest."""
    return event.data.user_id if isinstance(event.data, SavedSearchHit) else event.subject
