"""Composes later what could not be told at once: to members who become known late, about claims before their challenge."""

from dataclasses import dataclass

from services.notifications.composing.composer import Composer
from services.notifications.composing.store import Notices
from services.notifications.sending.queueing import Queueing
from services.notifications.store import People
from shared.events.envelope import Event


@dataclass(frozen=True)
class CatchingUp:
    """Composes what an event could not tell when it came."""

    composer: Composer
    people: People
    notices: Notices
    queueing: Queueing

    async def challenge_came(self, challenge_id: str) -> None:
        """Composes what waited for the challenge."""
        for notice in await self.notices.awaiting(challenge_id):
            await self.composer.compose(notice.event)
            await self.notices.no_longer_awaits(notice)

    async def person_came(self, event: Event) -> None:
        """Tells a person what their circles were told since they belong to them, and releases what waited for them."""
        person = await self.people.by_id(event.subject)
        if person is None:
            return
        for circle in person.circles:
            for notice in await self.notices.told_to(circle, since=event.time):
                await self.composer.compose_for_member(notice.event, circle, person.user_id)
        await self.queueing.release(person.pseudonym)
