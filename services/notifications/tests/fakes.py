"""The service as app.py builds it, with memory for stores and WeChat by script."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

import httpx2

from services.notifications.commands import Commands
from services.notifications.composing.composer import Teller
from services.notifications.composing.store import Notices
from services.notifications.consents.domain import Consent, consent_id
from services.notifications.consents.store import DeadOpenids, EarlyAnswers
from services.notifications.consumers import Reactions
from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Inbox
from services.notifications.preferences.domain import Preferences
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.sender import Sender
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger
from services.notifications.store import Challenges, People, Person
from services.notifications.subjects.facts import KnownChallenge
from services.notifications.subjects.templates import TEMPLATES
from services.notifications.tests.builders import NOON
from services.notifications.tests.memory import (
    NAMES,
    PERSONAL,
    MemoryAggregates,
    MemoryChallenges,
    MemoryDeadOpenids,
    MemoryEarlyAnswers,
    MemoryInbox,
    MemoryLedger,
    MemoryNotices,
    MemoryPeople,
)
from shared.aggregates.aggregates import Aggregates
from shared.events.accounts import UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.envelope import Event
from shared.secrets import openid_context
from shared.wechat.client import Template, WeChat


class ScriptedWeChat:
    """Answers sends as it is told, else with a new msgid; `sent` is what reached it."""

    def __init__(self) -> None:
        self.script: list[dict[str, Any] | Exception] = []
        self.sent: list[bytes] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/cgi-bin/stable_token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 7200})
        self.sent.append(request.content)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.at_once -= 1
        answer = self.script.pop(0) if self.script else {"errcode": 0, "msgid": len(self.sent)}
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(200, json=answer)


class House:
    """The service as app.py builds it, over memory."""

    def __init__(self) -> None:
        self.at = NOON
        self.server = ScriptedWeChat()
        self.wechat = WeChat("http://wechat.invalid", "wx", "s", transport=httpx2.MockTransport(self.server))
        self.ledger = MemoryLedger(MemoryAggregates[Delivery]())
        self.consents, self.preferences = MemoryAggregates[Consent](), MemoryAggregates[Preferences]()
        self.readers = MemoryAggregates[Reader]()
        self.people, self.challenges, self.inbox = MemoryPeople(), MemoryChallenges(), MemoryInbox()
        self.notices, self.early_answers, self.dead = MemoryNotices(), MemoryEarlyAnswers(), MemoryDeadOpenids()
        self.console = Console(cast(Any, None), self.wechat, was_read=True)
        for each in TEMPLATES.values():
            self.console.found[each.name] = Template(f"T-{each.name}", each.title, "one_time", each.keys, {})
        people, ledger = cast(People, self.people), cast(Ledger, self.ledger)
        consents = cast("Aggregates[Consent]", self.consents)
        preferences = cast("Aggregates[Preferences]", self.preferences)
        standings = Standings(self.console, NAMES, preferences, consents, cast(DeadOpenids, self.dead))
        self.sender = Sender(ledger, people, standings, self.wechat, PERSONAL, "notifications-1", self.clock)
        challenges, inbox, notices = (
            cast(Challenges, self.challenges),
            cast(Inbox, self.inbox),
            cast(Notices, self.notices),
        )
        self.teller = Teller(
            people, challenges, inbox, notices, ledger, standings, NAMES, self.sender.offer, self.clock
        )
        early = cast(EarlyAnswers, self.early_answers)
        readers = cast("Aggregates[Reader]", self.readers)
        self.commands = Commands(
            inbox, ledger, people, preferences, consents, readers, early, self.console, NAMES, PERSONAL, self.clock
        )
        self._reactions = Reactions(self.teller, self.commands, people)

    def clock(self) -> datetime:
        return self.at

    async def hear(self, *events: Event) -> None:
        """Events in a batch, after the read models have them; then everything that can be sent is."""
        await self.hear_without_settling(*events)
        await self.settle()

    async def hear_without_settling(self, *events: Event) -> None:
        """Events in a batch; the sender may still be at work."""
        for event in events:
            self._fold(event)
        await self._reactions.hear(events)

    async def settle(self) -> None:
        """Until the sender has nothing left to do now."""
        while self.sender._tasks:
            await asyncio.gather(*self.sender._tasks)

    async def later(self, **time: float) -> None:
        """The clock goes on, and the sender polls once."""
        self.at += timedelta(**time)
        for row in await self.ledger.due(self.at, 100):
            self.sender.offer(row)
        await self.settle()

    def consented(self, user_id: str, template: str, credits: int = 5) -> None:
        key = consent_id(NAMES.everyday(user_id), f"T-{template}")
        self.consents.states[key] = Consent(id=key, credits=credits)

    def credits(self, user_id: str, template: str) -> int:
        return self.consents.states[consent_id(NAMES.everyday(user_id), f"T-{template}")].credits

    def statuses(self) -> list[tuple[str, str | None]]:
        return [(each.status, each.reason) for each in self.ledger.all]

    def _fold(self, event: Event) -> None:
        match event.data:
            case UserState() as user:
                openid = f"openid-of-{user.id}"
                self.people.known[user.id] = Person(
                    user.id,
                    NAMES.everyday(user.id),
                    tuple(each.organization_id for each in user.memberships),
                    PERSONAL.seal(openid, openid_context(user.id)),
                    PERSONAL.blind(openid),
                )
            case ChallengeState() as challenge:
                poster = challenge.organization.id
                self.challenges.known[challenge.id] = KnownChallenge(
                    challenge.id, challenge.title, challenge.jurisdiction, poster, challenge.deadline
                )
            case ClaimState() as claim:
                self.challenges.claims[claim.id] = claim
