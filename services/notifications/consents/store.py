"""What consents need beside their aggregates: answers that came before their person, and openids that are none."""

from dataclasses import dataclass
from datetime import timedelta

from shared.mongo import Collection, Document, IndexModel
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


@dataclass(frozen=True)
class DeadOpenids:
    """Openids that WeChat said are none of this mini-program's, by their blind index."""

    collection: Collection

    async def has(self, openid_index: str) -> bool:
        return await self.collection.find_one({"_id": openid_index}) is not None

    async def add(self, openid_index: str) -> None:
        await self.collection.update_one({"_id": openid_index}, {"$set": {"dead": True}}, upsert=True)
