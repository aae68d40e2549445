"""Who has a second factor. The secret is sealed, and so is the step of the last code: it is an instant beside a person."""

import os
from dataclasses import dataclass
from datetime import datetime

from services.accounts import problems
from services.accounts.second_factors.domain import SECRET_BYTES, fitting_step
from shared.aggregates.attempts import Attempt, remember
from shared.mongo import Collection, Document, DuplicateKeyError
from shared.secrets import PersonalData
from shared.values import problems as shared_problems
from shared.values.problems import Refusal

_NEVER = 0


@dataclass(frozen=True)
class SecondFactors:
    """A document for each person who has begun to have one. `personal` seals what is in it."""

    collection: Collection
    personal: PersonalData

    async def of(self, user_id: str) -> Document | None:
        """The person's factor, be it confirmed or not."""
        return await self.collection.find_one({"_id": user_id})

    async def enrol(self, user_id: str, attempt: Attempt | None = None) -> bytes:
        """A fresh secret in place of one that was never confirmed; the same one for an attempt that is repeated."""
        known = await self.of(user_id)
        attempts = known["attempts"] if known else []
        if known and not known["confirmed"] and attempt and attempt.was_made(attempts):
            return self._secret(known)
        if known and known["confirmed"]:
            raise Refusal(problems.TOTP_ENROLLED)
        secret = os.urandom(SECRET_BYTES)
        fresh = {
            "secret": self.personal.seal(secret.hex(), _secret_context(user_id)),
            "used": self._sealed_step(user_id, _NEVER),
            "confirmed": False,
            "attempts": remember(attempts, attempt),
        }
        if not await self._write(user_id, known, fresh):
            raise Refusal(shared_problems.CONFLICT)
        return secret

    async def verify(self, factor: Document, code: str, at: datetime, attempt: Attempt | None = None) -> None:
        """Takes a code, which thereby is spent with all before it; the first one confirms the factor. 400 `totp_wrong`."""
        user_id = factor["_id"]
        step = fitting_step(self._secret(factor), code, at)
        if step is None or step <= self._used_step(factor):
            raise Refusal(problems.TOTP_WRONG)
        unchanged = {"_id": user_id, "secret": factor["secret"], "used": factor["used"]}
        spent = {
            "$set": {
                "used": self._sealed_step(user_id, step),
                "confirmed": True,
                "attempts": remember(factor["attempts"], attempt),
            }
        }
        if not (await self.collection.update_one(unchanged, spent)).modified_count:
            raise Refusal(problems.TOTP_WRONG)  # the same code at the same moment

    async def remove(self, user_id: str) -> None:
        """The person has none afterwards."""
        await self.collection.delete_one({"_id": user_id})

    async def _write(self, user_id: str, known: Document | None, fresh: Document) -> bool:
        """Whether nobody was faster."""
        if known is None:
            try:
                await self.collection.insert_one({"_id": user_id, **fresh})
            except DuplicateKeyError:
                return False
            return True
        unchanged = {"_id": user_id, "secret": known["secret"], "confirmed": False}
        return bool((await self.collection.update_one(unchanged, {"$set": fresh})).modified_count)

    def _secret(self, factor: Document) -> bytes:
        return bytes.fromhex(self.personal.open(factor["secret"], _secret_context(factor["_id"])))

    def _used_step(self, factor: Document) -> int:
        return int(self.personal.open(factor["used"], _step_context(factor["_id"])))

    def _sealed_step(self, user_id: str, step: int) -> str:
        return self.personal.seal(str(step), _step_context(user_id))


def _secret_context(user_id: str) -> str:
    return f"user/{user_id}/totp"


def _step_context(user_id: str) -> str:
    return f"user/{user_id}/totp-step"
