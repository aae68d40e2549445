"""What a person, or WeChat, can do here."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import structlog

from services.notifications.beginning import change_or_begin
from services.notifications.consents import domain as consent_rules
from services.notifications.consents.domain import Consent, consent_id
from services.notifications.consents.store import EarlyAnswers
from services.notifications.inbox.domain import InboxItem
from services.notifications.inbox.reader import Reader, read_everything, report
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.preferences.domain import DEFAULT, Preferences
from services.notifications.sending import delivery as rules
from services.notifications.sending.console import Console, kind_of
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.store import Ledger
from services.notifications.store import People
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.secrets import PersonalData
from shared.values import problems
from shared.values.clock import Clock
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid
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
    readers: Aggregates[Reader]
    early_answers: EarlyAnswers
    console: Console
    names: Names
    personal: PersonalData
    clock: Clock

    async def mark_read(self, item_id: str, caller: Caller, attempt: Attempt) -> tuple[InboxItem, bool]:
        """One's own item, read now or earlier, and whether this is a repeat; 404 for anybody else's."""
        item = await self.inbox.find(item_id)
        if item is None:
            raise Refusal(problems.NOT_FOUND)
        mine = item.recipient in self._mine(caller)
        check("notifications.read", caller, Facts(owner_id=caller.id if mine else item.recipient))
        return await self.inbox.mark_read(item, self.clock(), attempt.by(item.recipient))

    async def mark_all_read(self, caller: Caller, attempt: Attempt) -> bool:
        """Marks what there is in one's inbox as read; whether this is a repeat, which reads nothing that came since."""
        stored = await self._as_reader(caller, attempt, partial(read_everything, at=self.clock()))
        for name in self._mine(caller):
            await self.inbox.mark_all_read(name, stored.state.read_up_to)
        return stored.replayed

    async def _as_reader(
        self, caller: Caller, attempt: Attempt, decide: Callable[[Reader], Decision[Reader]]
    ) -> Stored[Reader]:
        fresh = Reader(id=self.names.everyday(caller.id))
        return await change_or_begin(self.readers, fresh, decide, attempt.by(fresh.id))

    def _mine(self, caller: Caller) -> tuple[str, str]:
        return self.names.everyday(caller.id), self.names.sealed(caller.id)

    async def set_preferences(
        self, wanted: Callable[[Preferences], Preferences], caller: Caller, attempt: Attempt
    ) -> Stored[Preferences]:
        """Makes one's preferences into what is wanted of them."""
        mine = {"id": self.names.everyday(caller.id)}

        def decide(before: Preferences) -> Decision[Preferences]:
            return Decision(wanted(before).model_copy(update=mine), "set-preferences", mine["id"], None)

        fresh = DEFAULT.model_copy(update=mine)
        return await change_or_begin(self.preferences, fresh, decide, attempt.by(fresh.id))

    async def report_consents(
        self, results: Mapping[str, ConsentResult], caller: Caller, attempt: Attempt
    ) -> tuple[dict[str, int], bool]:
        """What the mini-program's dialogue answered, template by template.

        Gives the credits there are now, and whether this is a repeat. A repeat completes what was broken off.
        """
        unknown = [template_id for template_id in results if self.console.with_id(template_id) is None]
        if unknown:
            message = "没有这个订阅消息模板，请先获取模板列表"
            raise invalid(*(FieldError(f"results.{each}", "not_allowed", message) for each in unknown))
        reported = await self._as_reader(caller, attempt, report)
        recipient, mark = reported.state.id, attempt.by(reported.state.id).mark
        credits = {
            template_id: await self._report(recipient, template_id, result, mark)
            for template_id, result in results.items()
        }
        return credits, reported.replayed

    async def _report(self, recipient: str, template_id: str, result: ConsentResult, mark: str) -> int:
        kind = kind_of(self.console.with_id(template_id))

        def decide(consent: Consent) -> Decision[Consent] | None:
            if result == "accept":
                return consent_rules.accept(consent, "mini_program", kind, self.clock(), mark)
            return None if result == "filter" else consent_rules.reject(consent, mark, consent.recipient)

        stored = await change_or_begin(self.consents, Consent(id=consent_id(recipient, template_id)), decide)
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
            decide = partial(consent_rules.reject, by="wechat", mark=answer["mark"])
        await change_or_begin(self.consents, Consent(id=consent_id(recipient, answer["template_id"])), decide)

    async def _hear_of_message(self, word: MessageSent) -> None:
        delivery = await self._delivery_of(word)
        if delivery is None:
            log.info("wechat.unknown_message", template_id=word.template_id, error_code=word.error_code)
            return
        at = self.clock()
        hear = partial(rules.hear_from_wechat, error_code=word.error_code, msgid=word.msgid, at=at)
        if word.error_code == 0:
            kind, mark = kind_of(self.console.named(delivery.template)), self.names.mark_of(delivery.id)
            consent = Consent(id=consent_id(self.names.everyday_of(delivery.recipient), word.template_id))
            await change_or_begin(self.consents, consent, partial(consent_rules.spend, kind=kind, mark=mark))
        await self.ledger.rows.change(delivery.id, hear, has_happened=True)

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
