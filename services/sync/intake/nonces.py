"""The nonces of signatures, remembered for as long as their signature could be used again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from shared.mongo import Collection, DuplicateKeyError, IndexModel


@dataclass(frozen=True)
class Nonces:
    """One document per signature seen; the database drops it after `until`."""

    collection: Collection

    async def prepare(self) -> None:
        await self.collection.create_indexes([IndexModel("until", expireAfterSeconds=0)])

    async def use(self, key_id: str, nonce: str, until: datetime) -> bool:
        """Whether this is its first use."""
        mark = hashlib.sha256(f"{key_id}\n{nonce}".encode()).hexdigest()
        try:
            await self.collection.insert_one({"_id": mark, "until": until})
        except DuplicateKeyError:
            return False
        return True
