"""The service's stores in memory: what the rules need of them, and no more."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from services.notifications.composing.store import Notice
from services.notifications.inbox.domain import InboxItem
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.gate import Doubt
from services.notifications.store import Person
from services.notifications.subjects.message import KnownChallenge
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt, remember
from shared.aggregates.decisions import Decision
from shared.aggregates.private_lists import PrivateLists
from shared.events.challenges import ClaimState
from shared.events.envelope import Event
from shared.mongo import Collection, Document, DuplicateKeyError
from shared.secrets import PersonalData, Pseudonyms
from shared.tests.memory import MemoryCollection
from shared.values import problems
from shared.values.problems import Refusal
from shared.wechat.callback import ConsentGiven

A = TypeVar("A", bound=BaseModel)
NAMES, PERSONAL = Names(Pseudonyms(b"p" * 32)), PersonalData(b"k" * 32)


def as_claimant(user_id: str, claim_id: str = "claim-1") -> str:
    """The person's name within the claim, as challenges writes it."""
    return NAMES.pseudonyms.within(claim_id, user_id)


class MemoryAggregates(Generic[A]):
    """Aggregates as far as this service uses them. `told` is what was published, in order."""

    def __init__(self) -> None:
        self.states: dict[str, A] = {}
        self.attempts: dict[str, list[dict[str, Any]]] = {}
        self.told: list[tuple[str, str]] = []

    async def find(self, aggregate_id: str) -> Stored[A] | None:
        await asyncio.sleep(0)
        state = self.states.get(aggregate_id)
        return Stored(state, 1, 1) if state else None

    async def get(self, aggregate_id: str) -> Stored[A]:
        found = await self.find(aggregate_id)
        if found is None:
            raise Refusal(problems.NOT_FOUND)
        return found

    async def create(self, decision: Decision[A], *, attempt: Attempt | None = None) -> Stored[A]:
        await asyncio.sleep(0)
        state_id = str(getattr(decision.state, "id"))  # noqa: B009
        if state_id in self.states:
            raise DuplicateKeyError(state_id)
        return self._keep(decision, attempt)

    async def change(
        self,
        aggregate_id: str,
        decide: Callable[[A], Decision[A] | None],
        *,
        attempt: Attempt | None = None,
        has_happened: bool = False,
    ) -> Stored[A]:
        await asyncio.sleep(0)
        if aggregate_id not in self.states:
            raise Refusal(problems.NOT_FOUND)
        state = self.states[aggregate_id]
        if attempt and attempt.was_made(self.attempts.get(aggregate_id, [])):
            return Stored(state, 1, 1, replayed=True)
        decision = decide(state)
        return self._keep(decision, attempt) if decision else Stored(state, 1, 1)

    def _keep(self, decision: Decision[A], attempt: Attempt | None) -> Stored[A]:
        state_id = str(getattr(decision.state, "id"))  # noqa: B009
        self.states[state_id] = decision.state
        self.attempts[state_id] = remember(self.attempts.get(state_id, []), attempt)
        if decision.happened:
            self.told.append((state_id, decision.happened))
        return Stored(decision.state, 1, 1)


@dataclass
class MemoryLedger:
    rows: MemoryAggregates[Delivery]

    @property
    def all(self) -> list[Delivery]:
        return list(self.rows.states.values())

    async def due(self, at: datetime, limit: int, *, bulk: bool) -> list[Delivery]:
        waiting = [each for each in self.all if each.status == "pending" and each.bulk is bulk]
        return [each for each in waiting if each.due_at <= at][:limit]

    async def abandoned(self, at: datetime) -> list[Delivery]:
        return [each for each in await self.under_way() if each.due_at <= at]

    async def under_way(self) -> list[Delivery]:
        return [each for each in self.all if each.status == "sending"]

    async def awaiting(self, name: str) -> list[Delivery]:
        return [each for each in self.all if each.awaits == name]

    async def with_msgid(self, msgid: int) -> Delivery | None:
        return next((each for each in self.all if each.msgid == msgid), None)

    async def open_around(self, at: datetime) -> list[Delivery]:
        return [each for each in self.all if each.open]

    async def count(self, status: str) -> int:
        return len([each for each in self.all if each.status == status])


@dataclass
class MemorySenders:
    doubts: dict[str, Doubt | None] = field(default_factory=dict)

    async def say(self, process: str, doubt: Doubt | None, at: datetime) -> None:
        self.doubts[process] = doubt

    async def doubt_of(self, process: str) -> Doubt | None:
        return self.doubts.get(process)


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
        return [each.user_id for each in self.known.values() if organization_id in each.admin_of]


@dataclass
class MemoryChallenges:
    challenges: dict[str, KnownChallenge] = field(default_factory=dict)
    claims: dict[str, ClaimState] = field(default_factory=dict)

    async def known(self, challenge_id: str, event: Event) -> KnownChallenge | None:
        found = self.challenges.get(challenge_id)
        at = getattr(event.data, "submitted_at", None) or event.time
        earlier = [each for each in self.claims.values() if each.submitted_at and each.submitted_at <= at]
        return replace(found, claims=len(earlier)) if found else None


class MemoryInbox(Inbox):
    """The real inbox over a collection in memory."""

    def __init__(self) -> None:
        self.collection = MemoryCollection()
        super().__init__(PrivateLists(cast(Collection, self.collection), "inbox", b"p" * 32))

    def of(self, user_id: str) -> list[InboxItem]:
        """The person's items, the oldest first."""
        found: list[InboxItem] = []
        while document := self.collection.documents.get(self.lists._id(user_id, len(found))):
            content = self.lists._entry(user_id, len(found), document).content
            found.append(InboxItem.model_validate(content))
        return found

    @property
    def documents(self) -> dict[str, Document]:
        """Everything that is stored."""
        return self.collection.documents


@dataclass
class MemoryNotices:
    kept: dict[str, tuple[str, Notice]] = field(default_factory=dict)

    async def to_organization(self, event: Event, organization_id: str) -> None:
        self.kept[f"{event.id}/{organization_id}"] = (organization_id, Notice(event.id, event))

    async def until_challenge(self, event: Event, challenge_id: str) -> None:
        await self.to_organization(event, challenge_id)

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
