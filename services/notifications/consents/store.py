"""Consents, sealed; answers that came before their person was known; openids that are none.

A consent is found by a keyed hash of person and template, and its content is sealed in one size: whoever reads the database
cannot tell who was sent a receipt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.notifications.consents.domain import Consent
from shared.aggregates.aggregates import Aggregates
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Kept
from shared.mongo import Collection, Document, IndexModel
from shared.secrets import Pseudonyms, Sealer, derived_key
from shared.wechat.callback import ConsentGiven

KEPT = timedelta(days=8)
_BYTES = 8192
"""What a sealed consent takes: 64 marks of at most 64 characters, and accepts of ten minutes."""


class SealedConsent(Kept):
    """A consent as it is kept."""

    id: str
    sealed: bytes


class Consents:
    """Consents by user and template."""

    def __init__(self, rows: Aggregates[SealedConsent], key: bytes) -> None:
        self.rows = rows
        self._ids = Pseudonyms(derived_key(key, "consents/ids"))
        self._sealer = Sealer(derived_key(key, "consents/contents"))

    async def find(self, user_id: str, template_id: str) -> Consent:
        """The consent; one without credits where nobody ever asked."""
        found = await self.rows.find(self._id(user_id, template_id))
        return self._open(found.state) if found else Consent()

    async def change(
        self, user_id: str, template_id: str, decide: Callable[[Consent], Decision[Consent] | None]
    ) -> Consent:
        """Applies a pure decision; None means there is nothing to do. The consent afterwards."""
        consent_id = self._id(user_id, template_id)

        def decide_sealed(kept: SealedConsent) -> Decision[SealedConsent] | None:
            decision = decide(self._open(kept))
            # What was done, and by whom, stays under the seal as well.
            return Decision(self._seal(consent_id, decision.state), "change", SYSTEM, None) if decision else None

        stored = await change_or_begin(self.rows, self._seal(consent_id, Consent()), decide_sealed)
        return self._open(stored.state)

    def _id(self, user_id: str, template_id: str) -> str:
        return self._ids.of(f"{user_id}/{template_id}")

    def _seal(self, consent_id: str, consent: Consent) -> SealedConsent:
        plain = consent.model_dump_json().encode().ljust(_BYTES)
        return SealedConsent(id=consent_id, sealed=self._sealer.seal(plain, consent_id))

    def _open(self, kept: SealedConsent) -> Consent:
        return Consent.model_validate_json(self._sealer.open(kept.sealed, kept.id))


@dataclass(frozen=True)
class EarlyAnswers:
    """Consents that WeChat told of before accounts told of the person."""

    collection: Collection

    async def prepare(self) -> None:
        expiry = IndexModel("at", expireAfterSeconds=int(KEPT.total_seconds()))
        await self.collection.create_indexes([IndexModel("openid_index"), expiry])

    async def keep(self, openid_index: str, answer: ConsentGiven) -> None:
        document = {
            "openid_index": openid_index,
            "template_id": answer.template_id,
            "status": answer.status,
            "at": answer.at,
            "mark": _mark(openid_index, answer),
        }
        await self.collection.update_one({"_id": document["mark"]}, {"$set": document}, upsert=True)

    async def of(self, openid_index: str) -> list[Document]:
        return await self.collection.find({"openid_index": openid_index}).sort("at", 1).to_list(None)

    async def forget(self, mark: str) -> None:
        await self.collection.delete_one({"_id": mark})


def _mark(openid_index: str, answer: ConsentGiven) -> str:
    return f"{openid_index}/{answer.at.timestamp():.0f}/{answer.event}/{answer.subject}"


@dataclass(frozen=True)
class DeadOpenids:
    """Openids that WeChat said are none of this mini-program's, by their blind index."""

    collection: Collection

    async def has(self, openid_index: str) -> bool:
        return await self.collection.find_one({"_id": openid_index}) is not None

    async def add(self, openid_index: str) -> None:
        await self.collection.update_one({"_id": openid_index}, {"$set": {"dead": True}}, upsert=True)
