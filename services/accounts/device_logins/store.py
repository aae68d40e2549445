"""The logins that wait. Of their codes only hashes are kept, and whoever approved is sealed: beside a person there is no
instant that could be compared with the instants beside sealed claims (docs/decisions/0025).
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from services.accounts.device_logins.domain import (
    ALPHABET,
    INTERVAL,
    LETTERS,
    LIFE,
    SLOWER,
    TRIES,
    Approver,
    Asked,
    State,
)
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel
from shared.secrets import Sealer, derived_key


@dataclass(frozen=True)
class Codes:
    """What the browser keeps to itself, and what a person reads off it."""

    device: str
    user: str


@dataclass(frozen=True)
class DeviceLogins:
    """The logins of browsers that wait for a phone. `key` is the key of sessions."""

    collection: Collection
    key: bytes

    async def prepare(self) -> None:
        """Makes the indexes: a device code means one login, and the database itself removes what has expired."""
        await self.collection.create_indexes(
            [IndexModel("device", unique=True), IndexModel("expires_at", expireAfterSeconds=0)]
        )

    async def ask(self, asked: Asked) -> Codes:
        """A new login, with fresh codes."""
        while True:
            user = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
            codes = Codes(secrets.token_urlsafe(32), user)
            try:
                await self.collection.insert_one(
                    {
                        "_id": self._blind(user),
                        "device": _hashed(codes.device),
                        "state": State.PENDING,
                        "asked": {**vars(asked)},
                        "by": None,
                        "tries": 0,
                        "polled_at": None,
                        "interval": INTERVAL.total_seconds(),
                        "expires_at": asked.at + LIFE,
                    }
                )
            except DuplicateKeyError:  # somebody else has this user code at the moment
                continue
            return codes

    async def under(self, user_code: str, at: datetime) -> Document | None:
        """The login of a user code, unless it has expired."""
        return await self.collection.find_one({"_id": self._blind(user_code), "expires_at": {"$gt": at}})

    async def of_device(self, device_code: str, at: datetime) -> Document | None:
        """The login of a device code, unless it has expired."""
        return await self.collection.find_one({"device": _hashed(device_code), "expires_at": {"$gt": at}})

    async def settle(self, user_code: str, state: State, by: Approver, at: datetime) -> bool:
        """Approves or denies what is pending and has not expired; whether this call did."""
        login_id = self._blind(user_code)
        open_one = {"_id": login_id, "state": State.PENDING, "expires_at": {"$gt": at}}
        settled = {"$set": {"state": state, "by": self._seal(by, login_id)}}
        return bool((await self.collection.update_one(open_one, settled)).modified_count)

    async def slow_down(self, login: Document, at: datetime) -> bool:
        """Notes that the browser asked, and whether it did so too soon: it has to wait longer from then on."""
        polled_at, interval = login["polled_at"], float(login["interval"])
        too_soon = polled_at is not None and (at - polled_at).total_seconds() < interval
        interval += SLOWER.total_seconds() if too_soon else 0
        noted = {"$set": {"polled_at": at, "interval": interval}}
        await self.collection.update_one({"_id": login["_id"]}, noted)
        return too_soon

    async def take_try(self, login: Document) -> bool:
        """Takes one of the tries at the second factor, before the code is looked at; False where none is left."""
        left = {"_id": login["_id"], "tries": {"$lt": TRIES}}
        return bool((await self.collection.update_one(left, {"$inc": {"tries": 1}})).modified_count)

    async def spend(self, login: Document) -> bool:
        """Takes an approved login away; of many at once exactly one does."""
        spent = await self.collection.delete_one({"_id": login["_id"], "state": State.APPROVED})
        return bool(spent.deleted_count)

    def approver(self, login: Document) -> Approver:
        """Who approved or denied it."""
        opened = json.loads(self._sealer().open(login["by"], login["_id"]))
        return Approver(opened["user_id"], opened["organization_id"])

    def _seal(self, by: Approver, login_id: str) -> bytes:
        return self._sealer().seal(json.dumps(vars(by)).encode(), login_id)

    def _sealer(self) -> Sealer:
        return Sealer(derived_key(self.key, "device-login/approver"))

    def _blind(self, user_code: str) -> str:
        """Short codes are found by trying all of them, so their hash takes a key."""
        return hmac.new(derived_key(self.key, "device-login/code"), user_code.encode(), "sha256").hexdigest()


def _hashed(device_code: str) -> str:
    return hashlib.sha256(device_code.encode()).hexdigest()
