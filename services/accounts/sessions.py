"""Refresh tokens: opaque, stored as digests, each good for one exchange. A second use ends the whole family.

A family is one login on one device. Whoever copies a token shares the family with its owner, and the first of the two
who comes late betrays it: then neither goes on, and the owner logs in again.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.accounts import problems
from shared.mongo import Collection, Document, IndexModel, guarded, literal
from shared.values.ids import new_id
from shared.values.problems import Refusal

LIFE = timedelta(days=30)
"""How long a refresh token is good when it is not used."""


@dataclass(frozen=True)
class Continued:
    """Whose session goes on, and with which token from here."""

    user_id: str
    refresh_token: str


@dataclass(frozen=True)
class Sessions:
    """The refresh tokens and their families."""

    tokens: Collection
    families: Collection

    async def prepare(self) -> None:
        """The database itself removes what has expired."""
        for collection in (self.tokens, self.families):
            await collection.create_indexes([IndexModel("expires_at", expireAfterSeconds=0)])

    async def begin(self, user_id: str, at: datetime) -> str:
        """A new family's first token."""
        family = new_id()
        await self.families.insert_one(
            {"_id": family, "user_id": user_id, "ended": False, "expires_at": at + 12 * LIFE}
        )
        return await self._issue(family, user_id, at)

    async def rotate(self, token: str, at: datetime) -> Continued:
        """The next token for this one, which is spent. Refused when it is unknown, expired or was spent before."""
        held = await self.tokens.find_one({"_id": _digest(token)})
        if held is None:
            raise Refusal(problems.REFRESH_INVALID)
        if not await self._spend(held):
            await self._end(held["family"])
            raise Refusal(problems.REFRESH_REUSED)
        if held["expires_at"] <= at:
            raise Refusal(problems.REFRESH_EXPIRED)
        family = await self.families.find_one({"_id": held["family"]})
        if family is None or family["expires_at"] <= at:
            raise Refusal(problems.REFRESH_EXPIRED)
        if family["ended"]:
            raise Refusal(problems.REFRESH_REUSED)
        return Continued(held["user_id"], await self._issue(held["family"], held["user_id"], at))

    async def _issue(self, family: str, user_id: str, at: datetime) -> str:
        token = secrets.token_urlsafe(32)
        await self.tokens.insert_one(
            {"_id": _digest(token), "family": family, "user_id": user_id, "spent": False, "expires_at": at + LIFE}
        )
        return token

    async def _spend(self, held: Document) -> bool:
        """Whether this was the first use; of many at once it is for exactly one."""
        spent = literal({**held, "spent": True})
        result = await self.tokens.update_one({"_id": held["_id"]}, guarded({"$eq": ["$spent", False]}, spent))
        return bool(result.modified_count)

    async def _end(self, family: str) -> None:
        await self.families.update_one({"_id": family}, {"$set": {"ended": True}})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
