"""The service as app.py builds it, with memory for stores and WeChat by script."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

import httpx2

from services.notifications.callback.commands import CallbackCommands
from services.notifications.composing.catching_up import CatchingUp
from services.notifications.composing.composer import Composer
from services.notifications.composing.store import Notices
from services.notifications.consents.commands import ConsentCommands
from services.notifications.consents.domain import Consent
from services.notifications.consents.store import Consents, DeadOpenids, EarlyAnswers, SealedConsent
from services.notifications.consumers import Reactions
from services.notifications.inbox.commands import InboxCommands
from services.notifications.inbox.reader import Reader
from services.notifications.preferences.domain import Preferences
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery, published
from services.notifications.sending.gate import Gate
from services.notifications.sending.queueing import Queueing
from services.notifications.sending.sender import Sender
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger, Senders
from services.notifications.store import Challenges, People, Person
from services.notifications.subjects.message import KnownChallenge
from services.notifications.subjects.templates import TEMPLATES
from services.notifications.tests.builders import NOON
from services.notifications.tests.memory import (
    NAMES,
    PERSONAL,
    MemoryChallenges,
    MemoryDeadOpenids,
    MemoryEarlyAnswers,
    MemoryInbox,
    MemoryNotices,
    MemoryPeople,
    MemorySenders,
)
from shared.events.accounts import UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.envelope import Event
from shared.secrets import openid_context
from shared.tests.memory import MemoryAggregates
from shared.wechat.client import Template, WeChat


class ScriptedWeChat:
    """Answers sends as it is told, else with a new msgid; `sent` is what reached it."""

    def __init__(self) -> None:
        self.script: list[dict[str, Any] | Exception] = []
        self.lists: list[dict[str, Any] | Exception] = []
        """The answers to whoever asks for the templates; else there are none."""
        self.hangs = False
        """Whether no send is answered."""
        self.is_silent = False
        """Whether no question is answered either."""
        self.asked = 0
        self.sent: list[bytes] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/cgi-bin/stable_token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 7200})
        if request.url.path == "/wxaapi/newtmpl/gettemplate":
            self.asked += 1
            if self.is_silent:
                raise httpx2.ReadTimeout("")
            return _said(self.lists.pop(0) if self.lists else {"data": []})
        self.sent.append(request.content)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.at_once -= 1
        if self.hangs:
            raise httpx2.ReadTimeout("")
        answer = self.script.pop(0) if self.script else {"errcode": 0, "msgid": len(self.sent)}
        return _said(answer)


def _said(answer: dict[str, Any] | Exception) -> httpx2.Response:
    if isinstance(answer, Exception):
        raise answer
    return httpx2.Response(200, json=answer)


class House:
    """The service as app.py builds it, over memory."""

    def __init__(self) -> None:
        self.at = NOON
        self.waited = 0
        self.server = ScriptedWeChat()
        self.wechat = WeChat("http://wechat.invalid", "wx", "s", transport=httpx2.MockTransport(self.server))
        self.told: list[Event] = []
        self.rows = MemoryAggregates(Delivery, published, relay=self.told.append, clock=self.clock)
        self.ledger = Ledger(self.rows)
        self.preferences, self.readers = MemoryAggregates(Preferences), MemoryAggregates(Reader)
        self.sealed_consents = MemoryAggregates(SealedConsent)
        self.consents = Consents(self.sealed_consents, b"p" * 32)
        self.people, self.challenges, self.inbox = MemoryPeople(), MemoryChallenges(), MemoryInbox()
        self.notices, self.early_answers, self.dead = MemoryNotices(), MemoryEarlyAnswers(), MemoryDeadOpenids()
        self.console = Console(cast(Any, None), self.wechat, was_read=True)
        for each in TEMPLATES.values():
            self.console.found[each.name] = Template(f"T-{each.name}", each.title, "one_time", each.keys, {})
        people, dead = cast(People, self.people), cast(DeadOpenids, self.dead)
        standings = Standings(self.console, NAMES, people, self.preferences, self.consents, dead)
        self.standings, self.senders = standings, MemorySenders()
        self.sender = self.another_sender("notifications-1")
        challenges, notices = cast(Challenges, self.challenges), cast(Notices, self.notices)
        queueing = Queueing(self.ledger, standings, NAMES, self.sender.offer, self.clock)
        composer = Composer(people, challenges, self.inbox, notices, queueing)
        early = cast(EarlyAnswers, self.early_answers)
        self.answers = ConsentCommands(
            self.consents, self.readers, early, people, self.console.kind_with_id, NAMES, PERSONAL, self.clock
        )
        self.callback = CallbackCommands(self.answers, self.ledger, people, NAMES, PERSONAL, self.clock)
        self.reading = InboxCommands(self.inbox, self.readers, NAMES, self.clock)
        self._reactions = Reactions(composer, CatchingUp(composer, people, notices, queueing), self.answers, people)

    def another_sender(self, process: str) -> Sender:
        """A sender of another process, over the same memory; its gate waits without sleeping."""
        gate = Gate(self.wechat, self.clock, sleep=self._step)
        senders = cast(Senders, self.senders)
        return Sender(self.ledger, self.standings, self.wechat, PERSONAL, process, self.clock, gate, senders)

    async def _step(self, _: float) -> None:
        self.waited += 1
        await asyncio.sleep(0)

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
        for bulk in (False, True):
            for row in await self.ledger.due(self.at, 100, bulk=bulk):
                self.sender.offer(row)
        await self.settle()

    def consented(self, user_id: str, template: str, credits: int = 5) -> None:
        key = self.consents._id(user_id, f"T-{template}")
        self.sealed_consents.put(self.consents._seal(key, Consent(credits=credits)))

    def credits(self, user_id: str, template: str) -> int:
        key = self.consents._id(user_id, f"T-{template}")
        return self.consents._open(self.sealed_consents.states[key]).credits

    @property
    def deliveries(self) -> list[Delivery]:
        """The rows of the ledger in the order of their creation."""
        return list(self.rows.states.values())

    def statuses(self) -> list[tuple[str, str | None]]:
        return [(each.status, each.reason) for each in self.deliveries]

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
                    tuple(each.jurisdiction for each in user.roles if each.jurisdiction),
                )
            case ChallengeState() as challenge:
                poster = challenge.organization.id
                self.challenges.challenges[challenge.id] = KnownChallenge(
                    challenge.id, challenge.title, challenge.jurisdiction, poster, challenge.deadline
                )
            case ClaimState() as claim:
                self.challenges.claims[claim.id] = claim
