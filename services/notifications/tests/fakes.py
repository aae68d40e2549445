"""The service's parts without servers: aggregates and collections in memory, WeChat by script."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, cast

import httpx
from pydantic import BaseModel

from services.notifications.commands import Commands
from services.notifications.console import Console
from services.notifications.consumers import Hearing
from services.notifications.domain.consent import Consent, consent_id
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.inbox import InboxItem
from services.notifications.domain.preferences import Preferences
from services.notifications.facts import KnownChallenge
from services.notifications.sender import Sender
from services.notifications.standing import Standings
from services.notifications.store.consents import DeadOpenids, EarlyAnswers
from services.notifications.store.inbox import Inbox
from services.notifications.store.ledger import Ledger
from services.notifications.store.notices import Notice, Notices
from services.notifications.store.people import Challenges, People, Person
from services.notifications.telling import Teller
from services.notifications.templates import TEMPLATES
from services.notifications.tests.builders import NOON
from shared import problems
from shared.aggregates import Aggregates, Decision, Stored
from shared.attempts import Attempt
from shared.events.accounts import Role, UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.envelope import Event
from shared.mongo import Document, DuplicateKeyError
from shared.problems import Refusal
from shared.secrets import PersonalData, Pseudonyms, openid_context
from shared.wechat.callback import ConsentGiven
from shared.wechat.client import Template, WeChat

A = TypeVar("A", bound=BaseModel)
PSEUDONYMS, PERSONAL = Pseudonyms(b"p" * 32), PersonalData(b"k" * 32)


class MemoryAggregates(Generic[A]):
    """Aggregates as far as this service uses them. `told` is what was published, in order."""

    def __init__(self) -> None:
        self.states: dict[str, A] = {}
        self.attempts: dict[str, list[dict[str, Any]]] = {}
        self.told: list[tuple[str, str]] = []

    async def find(self, aggregate_id: str) -> Stored[A] | None:
        await asyncio.sleep(0)
        state = self.states.get(aggregate_id)
        return Stored(state, 1) if state else None

    async def create(self, decision: Decision[A], *, attempt: Attempt | None = None) -> Stored[A]:
        await asyncio.sleep(0)
        state_id = str(getattr(decision.state, "id"))  # noqa: B009
        if state_id in self.states:
            raise DuplicateKeyError(state_id)
        return self._keep(decision, attempt)

    async def change(
        self, aggregate_id: str, decide: Callable[[A], Decision[A] | None], *, attempt: Attempt | None = None
    ) -> Stored[A]:
        await asyncio.sleep(0)
        if aggregate_id not in self.states:
            raise Refusal(problems.NOT_FOUND)
        state = self.states[aggregate_id]
        if attempt and attempt.was_made(self.attempts.get(aggregate_id, [])):
            return Stored(state, 1, replayed=True)
        decision = decide(state)
        return self._keep(decision, attempt) if decision else Stored(state, 1)

    def _keep(self, decision: Decision[A], attempt: Attempt | None) -> Stored[A]:
        state_id = str(getattr(decision.state, "id"))  # noqa: B009
        self.states[state_id] = decision.state
        if attempt:
            self.attempts.setdefault(state_id, []).append(attempt.remembered(1))
        if decision.happened:
            self.told.append((state_id, decision.happened))
        return Stored(decision.state, 1)


@dataclass
class MemoryLedger:
    rows: MemoryAggregates[Delivery]

    @property
    def all(self) -> list[Delivery]:
        return list(self.rows.states.values())

    async def due(self, at: datetime, limit: int) -> list[Delivery]:
        return [each for each in self.all if each.status == "pending" and each.due_at <= at][:limit]

    async def abandoned(self, at: datetime) -> list[Delivery]:
        return [each for each in await self.under_way() if each.due_at <= at]

    async def under_way(self) -> list[Delivery]:
        return [each for each in self.all if each.status == "sending"]

    async def awaiting(self, recipient: str) -> list[Delivery]:
        return [each for each in self.all if each.awaits == recipient]

    async def with_msgid(self, msgid: int) -> Delivery | None:
        return next((each for each in self.all if each.msgid == msgid), None)

    async def sent_to(self, addressee: str) -> list[Delivery]:
        return [each for each in self.all if each.addressee == addressee]

    async def count(self, status: str) -> int:
        return len([each for each in self.all if each.status == status])


@dataclass
class MemoryPeople:
    known: dict[str, Person] = field(default_factory=dict)

    async def under(self, pseudonym: str) -> Person | None:
        return next((each for each in self.known.values() if each.pseudonym == pseudonym), None)

    async def with_openid(self, openid_index: str) -> Person | None:
        return next((each for each in self.known.values() if each.openid_index == openid_index), None)

    async def by_id(self, user_id: str) -> Person | None:
        return self.known.get(user_id)

    async def admins_of(self, organization_id: str) -> list[str]:
        return [each.pseudonym for each in self.known.values() if each.admin_of == organization_id]


@dataclass
class MemoryChallenges:
    known: dict[str, KnownChallenge] = field(default_factory=dict)
    claims: dict[str, ClaimState] = field(default_factory=dict)

    async def find(self, challenge_id: str) -> KnownChallenge | None:
        return self.known.get(challenge_id)

    async def claims_up_to(self, challenge_id: str, submitted_at: datetime) -> int:
        return len([each for each in self.claims.values() if each.submitted_at and each.submitted_at <= submitted_at])


@dataclass
class MemoryInbox:
    items: dict[str, InboxItem] = field(default_factory=dict)

    async def put(self, item: InboxItem) -> InboxItem:
        return self.items.setdefault(item.id, item)

    async def find(self, item_id: str) -> InboxItem | None:
        return self.items.get(item_id)

    async def mark_read(self, item_id: str, at: datetime) -> None:
        item = self.items[item_id]
        self.items[item_id] = item.model_copy(update={"read_at": item.read_at or at})

    def of(self, user_id: str) -> list[InboxItem]:
        return [each for each in self.items.values() if each.recipient == PSEUDONYMS.of(user_id)]


@dataclass
class MemoryNotices:
    kept: dict[str, tuple[str, Notice]] = field(default_factory=dict)

    async def to_organization(self, message: str, event: Event, organization_id: str) -> None:
        self.kept[f"{event.id}/{message}"] = (organization_id, Notice(f"{event.id}/{message}", message, event))

    async def until_challenge(self, message: str, event: Event, challenge_id: str) -> None:
        await self.to_organization(message, event, challenge_id)

    async def told_to(self, organization_id: str, since: datetime) -> list[Notice]:
        return [each for key, each in self.kept.values() if key == organization_id and each.event.time >= since]

    async def awaiting(self, challenge_id: str) -> list[Notice]:
        return [each for key, each in self.kept.values() if key == challenge_id]

    async def no_longer_awaits(self, notice: Notice) -> None:
        self.kept = {key: each for key, each in self.kept.items() if each != ("challenge-1", notice)}


@dataclass
class MemoryEarlyAnswers:
    kept: list[Document] = field(default_factory=list)

    async def keep(self, openid_index: str, answer: ConsentGiven) -> None:
        mark = f"{openid_index}/{answer.key}"
        document = {"mark": mark, "openid_index": openid_index, "template_id": answer.template_id}
        self.kept.append({**document, "status": answer.status, "at": answer.at})

    async def of(self, openid_index: str) -> list[Document]:
        return [each for each in self.kept if each["openid_index"] == openid_index]

    async def forget(self, mark: str) -> None:
        self.kept = [each for each in self.kept if each["mark"] != mark]


@dataclass
class MemoryDeadOpenids:
    dead: set[str] = field(default_factory=set)

    async def has(self, openid_index: str) -> bool:
        return openid_index in self.dead

    async def add(self, openid_index: str) -> None:
        self.dead.add(openid_index)


class ScriptedWeChat:
    """Answers sends as it is told, else with a new msgid; `sent` is what reached it."""

    def __init__(self) -> None:
        self.script: list[dict[str, Any] | Exception] = []
        self.sent: list[bytes] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})
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
        return httpx.Response(200, json=answer)


class House:
    """The service as app.py builds it, over memory."""

    def __init__(self) -> None:
        self.at = NOON
        self.server = ScriptedWeChat()
        self.wechat = WeChat("http://wechat.invalid", "wx", "s", transport=httpx.MockTransport(self.server))
        self.ledger = MemoryLedger(MemoryAggregates[Delivery]())
        self.consents, self.preferences = MemoryAggregates[Consent](), MemoryAggregates[Preferences]()
        self.people, self.challenges, self.inbox = MemoryPeople(), MemoryChallenges(), MemoryInbox()
        self.notices, self.early_answers, self.dead = MemoryNotices(), MemoryEarlyAnswers(), MemoryDeadOpenids()
        self.console = Console(cast(Any, None), self.wechat, was_read=True)
        for each in TEMPLATES.values():
            self.console.found[each.name] = Template(f"T-{each.name}", each.title, "one_time", each.keys, {})
        people, ledger = cast(People, self.people), cast(Ledger, self.ledger)
        consents = cast("Aggregates[Consent]", self.consents)
        preferences = cast("Aggregates[Preferences]", self.preferences)
        standings = Standings(self.console, preferences, consents, cast(DeadOpenids, self.dead))
        self.sender = Sender(ledger, people, standings, self.wechat, PERSONAL, "notifications-1", self.clock)
        challenges, inbox, notices = (
            cast(Challenges, self.challenges),
            cast(Inbox, self.inbox),
            cast(Notices, self.notices),
        )
        self.teller = Teller(
            people, challenges, inbox, notices, ledger, standings, PSEUDONYMS, self.sender.offer, self.clock
        )
        early = cast(EarlyAnswers, self.early_answers)
        self.commands = Commands(
            inbox, ledger, people, preferences, consents, early, self.console, PSEUDONYMS, PERSONAL, self.clock
        )
        self._hearing = Hearing(self.teller, self.commands, people)

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
        await self._hearing.hear(events)

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
        key = consent_id(PSEUDONYMS.of(user_id), f"T-{template}")
        self.consents.states[key] = Consent(id=key, credits=credits)

    def credits(self, user_id: str, template: str) -> int:
        return self.consents.states[consent_id(PSEUDONYMS.of(user_id), f"T-{template}")].credits

    def statuses(self) -> list[tuple[str, str | None]]:
        return [(each.status, each.reason) for each in self.ledger.all]

    def _fold(self, event: Event) -> None:
        match event.data:
            case UserState() as user:
                acts = any(grant.role is Role.ORG_ADMIN for grant in user.roles)
                openid = f"openid-of-{user.id}"
                self.people.known[user.id] = Person(
                    user.id,
                    PSEUDONYMS.of(user.id),
                    user.organization_id if acts else None,
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
