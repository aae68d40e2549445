"""Whom and what other services have told of: people, challenges, and that claims exist."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.subjects.message import KnownChallenge, admins_of, operators_of
from shared.events.envelope import Event
from shared.mongo import Document, IndexModel
from shared.projections.read_models import ReadModel
from shared.values.jurisdictions import Jurisdiction

PEOPLE_INDEXES = (IndexModel("pseudonym"), IndexModel("admin_of"), IndexModel("operates"), IndexModel("openid_index"))
_MEMBERS = {"organization": "admin_of", "operators": "operates"}
"""Kind of circle → the field of a person that names it."""
CLAIM_INDEXES = (IndexModel("challenge_id"),)


@dataclass(frozen=True)
class Person:
    """Somebody whom accounts has told of. `pseudonym` is the everyday name (names.py)."""

    user_id: str
    pseudonym: str
    admin_of: tuple[str, ...]
    """The organisations that the person may act for."""
    openid_sealed: str | None
    openid_index: str | None
    operates: tuple[Jurisdiction, ...] = ()
    """The cities whose operator the person is."""

    @property
    def circles(self) -> tuple[str, ...]:
        """What the person belongs to."""
        return (*map(admins_of, self.admin_of), *map(operators_of, self.operates))


@dataclass(frozen=True)
class People:
    """The read model of people."""

    model: ReadModel

    async def under(self, pseudonym: str) -> Person | None:
        return _person(await self.model.collection.find_one({"pseudonym": pseudonym}))

    async def with_openid(self, openid_index: str) -> Person | None:
        return _person(await self.model.collection.find_one({"openid_index": openid_index}))

    async def by_id(self, user_id: str) -> Person | None:
        return _person(await self.model.collection.find_one({"_id": user_id}))

    async def of(self, circle: str) -> list[str]:
        """The user ids of those who belong to it now."""
        kind, _, name = circle.partition("/")
        cursor = self.model.collection.find({_MEMBERS[kind]: name}, {"_id": 1})
        return [document["_id"] async for document in cursor]


@dataclass(frozen=True)
class Challenges:
    """The read models of challenges and of how many claims each has."""

    challenges: ReadModel
    claims: ReadModel

    async def known(self, challenge_id: str, event: Event) -> KnownChallenge | None:
        """The challenge with how many claims it had when this event happened; None while it is not known here."""
        found = await self.challenges.collection.find_one({"_id": challenge_id})
        if found is None:
            return None
        city, submitted_at = Jurisdiction(found["jurisdiction"]), getattr(event.data, "submitted_at", None)
        claims = await self.claims_up_to(challenge_id, submitted_at or event.time)
        return KnownChallenge(challenge_id, found["title"], city, found["organization_id"], found["deadline"], claims)

    async def claims_up_to(self, challenge_id: str, submitted_at: datetime) -> int:
        """How many live claims were submitted by then, so that telling of one again says the same number."""
        claims = await self.claims.collection.find({"challenge_id": challenge_id}).to_list(None)
        return sum(1 for claim in claims if claim["submitted_at"] and claim["submitted_at"] <= submitted_at)


def _person(document: Document | None) -> Person | None:
    if document is None:
        return None
    kept = document["admin_of"] or []
    return Person(
        document["_id"],
        document["pseudonym"],
        (kept,) if isinstance(kept, str) else tuple(kept),  # one organisation, in documents of version 0.1
        document["openid_sealed"],
        document["openid_index"],
        tuple(map(Jurisdiction, document.get("operates", ()))),  # absent until the model is rebuilt
    )
