"""How recipient and template stand at this moment, gathered for the judgement whether to send."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from services.notifications.consents.domain import Consent, consent_id
from services.notifications.consents.store import DeadOpenids
from services.notifications.names import Names
from services.notifications.preferences.domain import DEFAULT, Preferences
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.judging import Standing
from services.notifications.store import Person
from shared.aggregates.aggregates import Aggregates


@dataclass(frozen=True)
class Standings:
    """Looks up what is needed to judge a delivery."""

    console: Console
    names: Names
    preferences: Aggregates[Preferences]
    consents: Aggregates[Consent]
    dead_openids: DeadOpenids

    async def of(self, delivery: Delivery, person: Person | None) -> Standing:
        name = self.names.everyday_of(delivery.recipient)
        preferences, credits, reachable = await asyncio.gather(
            self.preferences.find(name), self._credits(name, delivery.template), self._reachable(person)
        )
        return Standing(
            known=person is not None,
            reachable=reachable,
            preferences=preferences.state if preferences else DEFAULT,
            credits=credits,
            template=self._template(delivery.template),
        )

    def consent_of(self, delivery: Delivery) -> Consent:
        """The consent that the delivery uses up, as it is before anybody gave it."""
        return Consent(id=consent_id(self.names.everyday_of(delivery.recipient), delivery.template_id))

    async def _credits(self, name: str, template_name: str) -> int:
        template = self.console.named(template_name)
        if template is None:
            return 0
        consent = await self.consents.find(consent_id(name, template.template_id))
        return consent.state.credits if consent else 0

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
