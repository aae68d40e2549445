"""What WeChat pushed: consents, and how sends ended."""

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog

from services.notifications.consents.commands import ConsentCommands
from services.notifications.names import Names
from services.notifications.sending import delivery as rules
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.store import Ledger
from services.notifications.store import People, Person
from shared.secrets import PersonalData
from shared.values.clock import Clock
from shared.wechat.callback import ConsentGiven, MessageSent, Pushed

log = structlog.get_logger(__name__)

_TRIES = 20
_BETWEEN_TRIES = 0.05


@dataclass(frozen=True)
class CallbackCommands:
    """Does what WeChat's messages say."""

    consents: ConsentCommands
    ledger: Ledger
    people: People
    names: Names
    personal: PersonalData
    clock: Clock

    async def take(self, pushed: Pushed) -> None:
        """One item of what WeChat pushed. Taking it again changes nothing."""
        match pushed:
            case ConsentGiven():
                await self.consents.take(pushed)
            case MessageSent():
                await self._settle(pushed)

    async def _settle(self, word: MessageSent) -> None:
        """Settles the delivery that the message belongs to."""
        person = await self.people.with_openid(self.personal.blind(word.openid))
        delivery = await self._delivery_of(word, person)
        if delivery is None:
            log.info("wechat.unknown_message", template_id=word.template_id, error_code=word.error_code)
            return
        if word.error_code == 0 and person:
            await self.consents.spend(person.user_id, word.template_id, self.names.mark_of(delivery.id))
        hear = partial(rules.hear_from_wechat, error_code=word.error_code, msgid=word.msgid, at=self.clock())
        await self.ledger.rows.change(delivery.id, hear, has_happened=True)

    async def _delivery_of(self, word: MessageSent, person: Person | None) -> Delivery | None:
        """By msgid; where no answer brought us one, by person, template and the nearest time.

        The push may overtake the answer to the send, so while one is under way its answer is waited for a second.
        """
        for _ in range(_TRIES):
            # In this order: what was still open here and is not any more has its msgid by then.
            candidates = [
                each
                for each in (await self.ledger.open_around(word.at) if person else ())
                if each.template_id == word.template_id and self._is_to(each, person)
            ]
            if word.msgid and (known := await self.ledger.with_msgid(word.msgid)):
                return known
            if not any(each.status == "sending" for each in candidates):
                break
            await asyncio.sleep(_BETWEEN_TRIES)
        return min(candidates, key=lambda each: abs((each.started_at or each.created_at) - word.at), default=None)

    def _is_to(self, delivery: Delivery, person: Person | None) -> bool:
        return person is not None and self.names.everyday_of(delivery.recipient) == person.pseudonym
