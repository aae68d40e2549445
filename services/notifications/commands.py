"""What a person, or WeChat, can do here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import structlog

from services.notifications.console import Console, kind_of
from services.notifications.domain import consent as consent_rules
from services.notifications.domain import delivery as rules
from services.notifications.domain.consent import Consent, consent_id
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.inbox import InboxItem
from services.notifications.domain.preferences import Preferences
from services.notifications.names import Names
from services.notifications.store.consents import EarlyAnswers, change_consent
from services.notifications.store.inbox import Inbox
from services.notifications.store.ledger import Ledger
from services.notifications.store.people import People
from shared import problems
from shared.access import Caller, Facts, check
from shared.aggregates import Aggregates, Decision, Stored
from shared.attempts import Attempt
from shared.clock import Clock
from shared.mongo import DuplicateKeyError
from shared.problems import FieldError, Refusal
from shared.secrets import PersonalData
from shared.validation import invalid
from shared.wechat.callback import ConsentGiven, MessageSent, Pushed

log = structlog.get_logger(__name__)

ConsentResult = Literal["accept", "reject", "ban", "filter"]

_TRIES = 20
_BETWEEN_TRIES = 0.05


@dataclass(frozen=True)
class Commands:
    """Everything that changes something at somebody's request."""

    inbox: Inbox
    ledger: Ledger
    people: People
    preferences: Aggregates[Preferences]
    consents: Aggregates[Consent]
    early_answers: EarlyAnswers
    console: Console
    names: Names
    personal: PersonalData
    clock: Clock

    async def mark_read(self, item_id: str, caller: Caller) -> InboxItem:
        """Marks one's own item as read, once; 404 for anybody else's."""
        item = await self.inbox.find(item_id)
        if item is None:
            raise Refusal(problems.NOT_FOUND)
        mine = item.recipient in self._mine(caller)
        check("notifications.read", caller, Facts(owner_id=caller.id if mine else item.recipient))
        await self.inbox.mark_read(item_id, self.clock())
        return await self.inbox.find(item_id) or item

    async def mark_all_read(self, caller: Caller) -> None:
        """Marks everything in one's inbox as read."""
        for name in self._mine(caller):
            await self.inbox.mark_all_read(name, self.clock())

    def _mine(self, caller: Caller) -> tuple[str, str]:
        return self.names.everyday(caller.id), self.names.sealed(caller.id)

    async def set_preferences(self, wanted: Preferences, caller: Caller, attempt: Attempt) -> Stored[Preferences]:
        """Replaces one's preferences."""
        mine = wanted.model_copy(update={"id": self.names.everyday(caller.id)})
        attempt = attempt.by(mine.id)
        try:
            return await self.preferences.create(Decision(mine, None), attempt=attempt)
        except DuplicateKeyError:
            return await self.preferences.change(mine.id, lambda _: Decision(mine, None), attempt=attempt)

    async def report_consents(
        self, results: Mapping[str, ConsentResult], caller: Caller, attempt: Attempt
    ) -> dict[str, int]:
        """What the mini-program's dialogue answered, template by template; answers the credits there are now."""
        unknown = [template_id for template_id in results if self.console.with_id(template_id) is None]
        if unknown:
            message = "没有这个订阅消息模板，请先获取模板列表"
            raise invalid(*(FieldError(f"results.{each}", "not_allowed", message) for each in unknown))
        recipient = self.names.everyday(caller.id)
        return {
            template_id: await self._report(recipient, template_id, result, attempt)
            for template_id, result in results.items()
        }

    async def _report(self, recipient: str, template_id: str, result: ConsentResult, attempt: Attempt) -> int:
        template = self.console.with_id(template_id)
        kind = kind_of(template)

        def decide(consent: Consent) -> Decision[Consent] | None:
            if result == "accept":
                return consent_rules.accept(consent, "mini_program", kind, self.clock(), attempt.mark)
            return None if result == "filter" else consent_rules.reject(consent, attempt.mark)

        mine = attempt.by(f"{recipient}/{template_id}")
        stored = await change_consent(self.consents, consent_id(recipient, template_id), decide, mine)
        return stored.state.credits

    async def take_wechat_event(self, pushed: Pushed) -> None:
        """One item of what WeChat pushed. Taking it again changes nothing."""
        match pushed:
            case ConsentGiven():
                await self._take_consent(pushed)
            case MessageSent():
                await self._hear_of_message(pushed)

    async def settle_early_answers(self, openid_index: str, recipient: str) -> None:
        """Counts what WeChat said about somebody before accounts did."""
        for answer in await self.early_answers.of(openid_index):
            await self._count(recipient, answer)
            await self.early_answers.forget(answer["mark"])

    async def _take_consent(self, answer: ConsentGiven) -> None:
        openid_index = self.personal.blind(answer.openid)
        # Written first and looked up again: the person may come between the two.
        await self.early_answers.keep(openid_index, answer)
        person = await self.people.with_openid(openid_index)
        if person:
            await self.settle_early_answers(openid_index, person.pseudonym)

    async def _count(self, recipient: str, answer: Mapping[str, Any]) -> None:
        kind = kind_of(self.console.with_id(answer["template_id"]))
        if answer["status"] == "accept":
            decide = partial(consent_rules.accept, source="wechat", kind=kind, at=answer["at"], mark=answer["mark"])
        else:
            decide = partial(consent_rules.reject, mark=answer["mark"])
        await change_consent(self.consents, consent_id(recipient, answer["template_id"]), decide)

    async def _hear_of_message(self, word: MessageSent) -> None:
        delivery = await self._delivery_of(word)
        if delivery is None:
            log.info("wechat.unknown_message", template_id=word.template_id, error_code=word.error_code)
            return
        at = self.clock()
        hear = partial(rules.hear_from_wechat, error_code=word.error_code, msgid=word.msgid, at=at)
        if word.error_code == 0:
            kind, mark = kind_of(self.console.named(delivery.template)), self.names.mark_of(delivery)
            consent = consent_id(self.names.everyday_of(delivery.recipient), word.template_id)
            await change_consent(self.consents, consent, partial(consent_rules.spend, kind=kind, mark=mark))
        await self.ledger.rows.change(delivery.id, hear)

    async def _delivery_of(self, word: MessageSent) -> Delivery | None:
        """By msgid; where no answer brought us one, by person, template and the nearest time.

        The push may overtake the answer to the send, so while one is under way its answer is waited for a second.
        """
        person = await self.people.with_openid(self.personal.blind(word.openid))
        names = (person.pseudonym, self.names.sealed(person.user_id)) if person else ()
        for _ in range(_TRIES):
            # In this order: what was still open here and is not any more has its msgid by then.
            candidates = [
                each
                for name in names
                for each in await self.ledger.kept_under(name)
                if each.open and each.template_id == word.template_id
            ]
            if word.msgid and (known := await self.ledger.with_msgid(word.msgid)):
                return known
            if not any(each.status == "sending" for each in candidates):
                break
            await asyncio.sleep(_BETWEEN_TRIES)
        return min(candidates, key=lambda each: abs((each.started_at or each.created_at) - word.at), default=None)
