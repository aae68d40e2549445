"""Consents: reported by the mini-program, and pushed by WeChat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from services.notifications.consents import domain as rules
from services.notifications.consents.domain import Consent, Kind, Source
from services.notifications.consents.store import Consents, EarlyAnswers
from services.notifications.inbox.reader import Reader, report
from services.notifications.names import Names
from services.notifications.store import People
from shared.access.checking import Caller
from shared.aggregates.aggregates import Aggregates
from shared.aggregates.attempts import Attempt
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import Decision
from shared.secrets import PersonalData
from shared.values.clock import Clock
from shared.values.problems import FieldError
from shared.values.validation import invalid
from shared.wechat.callback import ConsentGiven


@dataclass(frozen=True)
class ConsentCommands:
    """Everything that changes consents at somebody's request. `kind_of` knows our templates by their ids."""

    consents: Consents
    readers: Aggregates[Reader]
    early_answers: EarlyAnswers
    people: People
    kind_of: Callable[[str], Kind | None]
    names: Names
    personal: PersonalData
    clock: Clock

    async def report(self, results: Mapping[str, str], caller: Caller, attempt: Attempt) -> tuple[dict[str, int], bool]:
        """The answers of the mini-program's dialogue, template by template.

        Gives the credits there are now, and whether this is a repeat. A repeat completes what was broken off.
        """
        unknown = [template_id for template_id in results if self.kind_of(template_id) is None]
        if unknown:
            message = "没有这个订阅消息模板，请刷新页面后重试"
            raise invalid(*(FieldError(f"results.{each}", "not_allowed", message) for each in unknown))
        fresh = Reader(id=self.names.everyday(caller.id))
        mine = attempt.by(fresh.id)
        reported = await change_or_begin(self.readers, fresh, report, mine)
        credits = {
            template_id: await self._report(caller.id, template_id, result, mine.mark)
            for template_id, result in results.items()
        }
        return credits, reported.replayed

    async def take(self, answer: ConsentGiven) -> None:
        """An answer that WeChat pushed. Taking it again changes nothing."""
        openid_index = self.personal.blind(answer.openid)
        # Written first and looked up again: the person may come between the two.
        await self.early_answers.keep(openid_index, answer)
        person = await self.people.with_openid(openid_index)
        if person:
            await self.settle_early_answers(openid_index, person.user_id)

    async def settle_early_answers(self, openid_index: str, user_id: str) -> None:
        """Counts what WeChat pushed about somebody before accounts told of them."""
        for answer in await self.early_answers.of(openid_index):
            await self._count(user_id, answer)
            await self.early_answers.forget(answer["mark"])

    async def spend(self, user_id: str, template_id: str, mark: str) -> None:
        """One message of this template went out."""
        kind = self.kind_of(template_id) or "one_time"
        await self.consents.change(user_id, template_id, partial(rules.spend, kind=kind, mark=mark))

    async def _report(self, user_id: str, template_id: str, result: str, mark: str) -> int:
        return (await self._decide(user_id, template_id, result, "mini_program", self.clock(), mark)).credits

    async def _count(self, user_id: str, answer: Mapping[str, Any]) -> None:
        template_id, at, mark = answer["template_id"], answer["at"], answer["mark"]
        await self._decide(user_id, template_id, answer["status"], "wechat", at, mark)

    async def _decide(
        self, user_id: str, template_id: str, result: str, source: Source, at: datetime, mark: str
    ) -> Consent:
        kind = self.kind_of(template_id) or "one_time"

        def decide(consent: Consent) -> Decision[Consent] | None:
            match rules.meaning_of(result):
                case "accept":
                    return rules.accept(consent, source, kind, at, mark)
                case "reject":
                    return rules.reject(consent, source, mark)
                case None:
                    return None

        return await self.consents.change(user_id, template_id, decide)
