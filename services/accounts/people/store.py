"""The collection of people, its indexes, and how a person is found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.accounts.people.domain import User
from shared.aggregates.aggregates import Aggregates, Stored
from shared.events.accounts import Role
from shared.mongo import Document, IndexModel
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction


@dataclass(frozen=True)
class Wanted:
    """People by what they are and how they call themselves. `cities`: holding a role for one of them; None: anybody."""

    cities: frozenset[Jurisdiction] | None = None
    role: Role | None = None
    words: str | None = None
    """An id, or a part of the nickname."""

    def query(self) -> Document:
        """For the collection of people; words are literal."""
        if self.role is Role.ORG_ADMIN:
            held: Document = {"state.memberships.role": self.role}
            where = {"state.roles.jurisdiction": {"$in": sorted(self.cities)}} if self.cities is not None else {}
            found: Document = {**held, **where}
        else:
            grant: Document = {"role": self.role} if self.role else {}
            grant |= {"jurisdiction": {"$in": sorted(self.cities)}} if self.cities is not None else {}
            found = {"state.roles": {"$elemMatch": grant}} if grant else {}
        if self.words:
            named = {"state.nickname": {"$regex": re.escape(self.words), "$options": "i"}}
            found["$or"] = [{"state.id": self.words}, named]
        return found


@dataclass(frozen=True)
class People:
    """Everybody who ever logged in. `personal` seals openids and telephone numbers."""

    all: Aggregates[User]
    personal: PersonalData

    async def prepare(self) -> None:
        """Makes the indexes: one person per openid."""
        await self.all.prepare()
        await self.all.collection.create_indexes(
            [IndexModel("state.openid_blind", unique=True), IndexModel([("state.roles.jurisdiction", 1), ("_id", 1)])]
        )

    async def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The nicknames of these people, of those who have one."""
        found = await self.all.where({"_id": {"$in": list(ids)}})
        return {each.state.id: each.state.nickname for each in found if each.state.nickname}

    async def listed(self, wanted: Wanted, after: str, limit: int) -> list[Stored[User]]:
        """The next people who fit, in the order in which they came."""
        return await self.all.where({**wanted.query(), "_id": {"$gt": after}}, limit=limit, sort=[("_id", 1)])

    async def behind(self, openid: str) -> Stored[User] | None:
        """The person behind an openid."""
        found = await self.all.where({"state.openid_blind": self.personal.blind(openid)}, limit=1)
        return found[0] if found else None
