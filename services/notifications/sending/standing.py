"""How recipient and template stand at this moment, gathered for the judgement whether to send."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from services.notifications.consents.store import Consents, DeadOpenids
from services.notifications.names import Names, is_within_a_claim
from services.notifications.preferences.domain import DEFAULT, Preferences
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.judging import Standing
from services.notifications.store import People, Person
from shared.aggregates.aggregates import Aggregates


@dataclass(frozen=True)
class Standings:
    """Looks up what is needed to judge a delivery."""

    console: Console
    names: Names
    people: People
    preferences: Aggregates[Preferences]
    consents: Consents
    dead_openids: DeadOpenids

    async def person(self, delivery: Delivery) -> Person | None:
        """The recipient, or None while accounts has not told of them."""
        if is_within_a_claim(delivery.recipient):
            return await self.people.by_id(self.names.claimant(delivery.recipient))
        return await self.people.under(delivery.recipient)

    async def of(self, delivery: Delivery, person: Person | None) -> Standing:
        """Everything that the judgement depends on."""
        preferences, credits, reachable = await asyncio.gather(
            self.preferences.find(self.names.everyday_of(delivery.recipient)),
            self._credits(person, delivery.template),
            self._reachable(person),
        )
        return Standing(
            known=person is not None,
            reachable=reachable,
            preferences=preferences.state if preferences else DEFAULT,
            credits=credits,
            template=self._template(delivery.template),
        )

    async def _credits(self, person: Person | None, template_name: str) -> int:
        template = self.console.named(template_name)
        if template is None or person is None:
            return 0
        return (await self.consents.find(person.user_id, template.template_id)).credits

    async def _reachable(self, person: Person | None) -> bool:
        if person is None or person.openid_index is None:
            return False
        return not await self.dead_openids.has(person.openid_index)

    def _template(self, name: str) -> Literal["unread", "absent", "stopped", "usable"]:
        if name in self.console.stopped:
            return "stopped"
        if self.console.named(name):
            return "usable"
        return "absent" if self.console.was_read else "unread"
