"""Refresh tokens: each is HMAC(key, family/n), so none is stored and a repeated exchange answers the same next token.

A family is one login on one device; its document keeps the number of its newest token. An exchange raises the number. The
token before the newest one is accepted for ten seconds more (two tabs, a lost answer) and answers the same pair; any other
use of an old token shows that it was copied, and ends the family.

The time of an exchange is sealed and the expiry is cut to the day: in the clear, both would give the instant at which a
person used the platform, and sealed claims carry instants too.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.accounts import problems
from shared.mongo import Collection, Document, IndexModel, guarded, literal
from shared.secrets import Sealer
from shared.values.problems import Refusal

LIFE = timedelta(days=30)
"""How long a refresh token is good when it is not used, at least; a family ends after twelve times that."""
REPEAT = timedelta(seconds=10)
"""How long after its exchange a refresh token answers the same pair again."""
IDLE = timedelta(minutes=30)
"""How long a session of a browser lasts without an exchange: desks are left, phones are not."""
BROWSER_LIFE = timedelta(hours=12)
"""How long it lasts at most, to the end of the day."""
_MOST = 1_000
"""Sessions of one person that are listed."""


@dataclass(frozen=True)
class Held:
    """A refresh token that was presented, its family, and its number."""

    family: Document
    number: int

    @property
    def user_id(self) -> str:
        return str(self.family["user_id"])

    @property
    def began_for(self) -> str | None:
        """The organisation for which the person acted when they logged in."""
        organization_id: str | None = self.family["began_for"]
        return organization_id

    @property
    def by_browser(self) -> bool:
        """Whether it is the session of a browser, whose token comes by a cookie."""
        return is_browsers(self.family)


@dataclass(frozen=True)
class Issued:
    """A refresh token, with the instant and the id of the access token that goes with it: the same at every repeat."""

    refresh_token: str
    at: datetime
    token_id: str
    by_browser: bool


@dataclass(frozen=True)
class Lasting:
    """A session that has not ended: when it was used last, and in which browser; None: in the mini-program."""

    family: str
    browser: str | None
    last_used_at: datetime


@dataclass(frozen=True)
class Families:
    """The families of refresh tokens under one key."""

    collection: Collection
    key: bytes

    async def prepare(self) -> None:
        """Makes the indexes: the database itself removes what has expired; a person's families are found by the person."""
        await self.collection.create_indexes([IndexModel("expires_at", expireAfterSeconds=0), IndexModel("user_id")])

    async def begin(self, user_id: str, began_for: str | None, at: datetime, browser: str | None = None) -> Issued:
        """A new family's first token; `browser` names the browser that keeps it in a cookie."""
        family: Document = {
            "_id": secrets.token_hex(16),
            "user_id": user_id,
            "began_for": began_for,
            "browser": browser,
            "number": 0,
            "ended": False,
            "expires_at": _day(at + (IDLE if browser else LIFE)),
            "ends_at": _day(at + (BROWSER_LIFE if browser else 12 * LIFE)),
        }
        await self.collection.insert_one({**family, "exchanged": self._seal(at, family["_id"])})
        return self._issued(family, 0, at)

    async def held(self, token: str, at: datetime) -> Held:
        """The family of a token. Refused when the token is none of ours, or its family is gone, expired or ended."""
        name, number = self._read(token)
        family = await self.collection.find_one({"_id": name})
        if family is None or not self._lasts(family, at):
            raise Refusal(problems.REFRESH_EXPIRED)
        if family["ended"]:
            raise Refusal(problems.REFRESH_REUSED)
        return Held(family, number)

    async def exchange(self, held: Held, at: datetime) -> Issued:
        """The next token for this one. A late reuse ends the family."""
        family = held.family
        if held.number == family["number"]:
            if await self._advance(family, at):
                return self._issued(family, held.number + 1, at)
            changed = await self.collection.find_one({"_id": family["_id"]})
            if changed is None:
                raise Refusal(problems.REFRESH_EXPIRED)
            family = changed
        if not family["ended"] and held.number == family["number"] - 1:
            exchanged = self._unseal(family)
            if at - exchanged <= REPEAT:
                return self._issued(family, family["number"], exchanged)
        await self.collection.update_one({"_id": family["_id"]}, {"$set": {"ended": True}})
        raise Refusal(problems.REFRESH_REUSED)

    async def end(self, token: str) -> int:
        """Ends the session of this token, whichever of its family it is; how many ended."""
        name, _ = self._read(token)
        return int((await self.collection.delete_one({"_id": name})).deleted_count)

    async def end_all(self, user_id: str) -> int:
        """Ends every session of a person; how many ended."""
        return int((await self.collection.delete_many({"user_id": user_id})).deleted_count)

    async def lasting(self, user_id: str, at: datetime) -> list[Lasting]:
        """The sessions of a person, the one used last first."""
        found = await self.collection.find({"user_id": user_id, "ended": False}).to_list(_MOST)
        lasting = (
            Lasting(each["_id"], each.get("browser"), self._unseal(each)) for each in found if self._lasts(each, at)
        )
        return sorted(lasting, key=lambda each: each.last_used_at, reverse=True)

    def family_of(self, token: str) -> str | None:
        """The name of a token's family; None where the token is none of ours."""
        try:
            return self._read(token)[0]
        except Refusal:
            return None

    def _lasts(self, family: Document, at: datetime) -> bool:
        """Whether it has neither expired nor, in a browser, been idle for too long."""
        if min(family["expires_at"], family["ends_at"]) <= at:
            return False
        return not is_browsers(family) or at - self._unseal(family) <= IDLE

    async def _advance(self, family: Document, at: datetime) -> bool:
        """Whether this exchange was the one that raised the number; of many at once exactly one is."""
        next_one = {
            **family,
            "number": family["number"] + 1,
            "exchanged": self._seal(at, family["_id"]),
            "expires_at": _day(at + (IDLE if is_browsers(family) else LIFE)),
        }
        unchanged = {"$and": [{"$eq": ["$number", family["number"]]}, {"$eq": ["$ended", False]}]}
        result = await self.collection.update_one({"_id": family["_id"]}, guarded(unchanged, literal(next_one)))
        return bool(result.modified_count)

    def _issued(self, family: Document, number: int, at: datetime) -> Issued:
        name = family["_id"]
        token = f"{name}.{number}.{self._mac(f'refresh/{name}/{number}')}"
        return Issued(token, at, self._mac(f"{name}/{number}"), is_browsers(family))

    def _read(self, token: str) -> tuple[str, int]:
        family, _, rest = token.partition(".")
        number, _, mac = rest.partition(".")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise Refusal(problems.REFRESH_INVALID)
        if not hmac.compare_digest(mac.encode(), self._mac(f"refresh/{family}/{number}").encode()):
            raise Refusal(problems.REFRESH_INVALID)
        return family, int(number)

    def _mac(self, text: str) -> str:
        return urlsafe_b64encode(hmac.digest(self.key, text.encode(), "sha256")).decode().rstrip("=")

    def _sealer(self) -> Sealer:
        return Sealer(hashlib.sha256(b"exchanged/" + self.key).digest())

    def _seal(self, at: datetime, family: str) -> bytes:
        return self._sealer().seal(at.isoformat().encode(), family)

    def _unseal(self, family: Document) -> datetime:
        return datetime.fromisoformat(self._sealer().open(family["exchanged"], family["_id"]).decode())


def is_browsers(family: Document) -> bool:
    """Whether a browser keeps its token in a cookie."""
    return family.get("browser") is not None


def _day(at: datetime) -> datetime:
    """The end of the day, in UTC, of an instant."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
