"""The service's stores in memory: what the rules need of them, and no more."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from services.notifications.composing.store import Notice
from services.notifications.inbox.domain import InboxItem
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.sending.gate import Doubt
from services.notifications.store import Person
from services.notifications.subjects.message import KnownChallenge
from shared.aggregates.private_lists import PrivateLists
from shared.events.challenges import ClaimState
from shared.events.envelope import Event
from shared.mongo import Collection, Document
from shared.secrets import PersonalData, Pseudonyms
from shared.tests.memory import MemoryCollection
from shared.wechat.callback import ConsentGiven

NAMES, PERSONAL = Names(Pseudonyms(b"p" * 32)), PersonalData(b"k" * 32)


def as_claimant(user_id: str, claim_id: str = "claim-1") -> str:
    """The person's name within the claim, as challenges writes it."""
    return NAMES.pseudonyms.within(claim_id, user_id)


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

    async def of(self, circle: str) -> list[str]:
        return [each.user_id for each in self.known.values() if circle in each.circles]


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

    async def to_circle(self, event: Event, circle: str) -> None:
        self.kept[f"{event.id}/{circle}"] = (circle, Notice(event.id, event))

    async def until_challenge(self, event: Event, challenge_id: str) -> None:
        await self.to_circle(event, challenge_id)

    async def told_to(self, circle: str, since: datetime) -> list[Notice]:
        return [each for key, each in self.kept.values() if key == circle and each.event.time >= since]

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
