"""Consents and preferences, which are aggregates that no event tells of, and answers that came before their person."""

from dataclasses import dataclass
from datetime import timedelta

from services.notifications.domain.consent import Consent, Decide
from shared import problems
from shared.aggregates import Aggregates, Decision, Stored
from shared.attempts import Attempt
from shared.events.payload import Payload
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel
from shared.problems import Refusal
from shared.wechat.callback import ConsentGiven

_KEPT = timedelta(days=8)


@dataclass(frozen=True)
class EarlyAnswers:
    """Consents that WeChat told of before accounts told of the person."""

    collection: Collection

    async def prepare(self) -> None:
        expiry = IndexModel("at", expireAfterSeconds=int(_KEPT.total_seconds()))
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


def nothing_to_tell(state: object) -> Payload:
    """Consents and preferences concern nobody but their person, so no event carries them."""
    raise TypeError(f"{type(state).__name__} is not published")


async def change_consent(
    consents: Aggregates[Consent], consent_id: str, decide: Decide, attempt: Attempt | None = None
) -> Stored[Consent]:
    """Changes the consent, which begins at zero credits."""
    try:
        return await consents.change(consent_id, decide, attempt=attempt)
    except Refusal as refusal:
        if refusal.problem is not problems.NOT_FOUND:
            raise
    fresh = Consent(id=consent_id)
    try:
        return await consents.create(decide(fresh) or Decision(fresh, None), attempt=attempt)
    except DuplicateKeyError:
        return await consents.change(consent_id, decide, attempt=attempt)


@dataclass(frozen=True)
class DeadOpenids:
    """Openids that WeChat said are none of this mini-program's, by their blind index."""

    collection: Collection

    async def has(self, openid_index: str) -> bool:
        return await self.collection.find_one({"_id": openid_index}) is not None

    async def add(self, openid_index: str) -> None:
        await self.collection.update_one({"_id": openid_index}, {"$set": {"dead": True}}, upsert=True)
