"""The ledger of deliveries (law 5), by what its rows wait for."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.notifications.sending.delivery import Delivery
from shared.access.checking import Caller, cities_listed
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Document, IndexModel

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ledger:
    """The deliveries, by what they wait for."""

    rows: Aggregates[Delivery]

    async def prepare(self) -> None:
        await self.rows.collection.create_indexes(
            [
                IndexModel([("state.status", 1), ("state.due_at", 1)]),
                IndexModel("state.awaits"),
                IndexModel("state.msgid"),
                IndexModel("state.kept_under"),
                IndexModel([("state.sealed", 1), ("state.position", 1)]),
                IndexModel([("state.sealed", 1), ("state.jurisdiction", 1), ("state.position", 1)]),
            ]
        )

    async def due(self, at: datetime, limit: int) -> list[Delivery]:
        """Pending, and their time has come."""
        return await self._where({"state.status": "pending", "state.due_at": {"$gte": _EARLIEST, "$lte": at}}, limit)

    async def abandoned(self, at: datetime) -> list[Delivery]:
        """Sending, and their lease is over."""
        return await self._where({"state.status": "sending", "state.due_at": {"$gte": _EARLIEST, "$lte": at}})

    async def under_way(self) -> list[Delivery]:
        return await self._where({"state.status": "sending"})

    async def awaiting(self, name: str) -> list[Delivery]:
        """What waits for the person who is kept under this name."""
        return await self._where({"state.awaits": name})

    async def with_msgid(self, msgid: int) -> Delivery | None:
        found = await self._where({"state.msgid": msgid}, 1)
        return found[0] if found else None

    async def kept_under(self, name: str) -> list[Delivery]:
        return await self._where({"state.kept_under": name})

    async def count(self, status: str) -> int:
        return int(await self.rows.collection.count_documents({"state.status": status}))

    async def page(self, caller: Caller, status: str | None, before: str | None, limit: int) -> list[Delivery]:
        """Those that the caller may see, the newest first; rows about sealed claims are never among them."""
        wanted: Document = {"state.sealed": False, "state.position": {"$gte": "", "$lt": before or "~"}}
        if status:
            wanted["state.status"] = status
        cities = cities_listed("notifications.list-deliveries", caller)
        if cities is not None:
            wanted["state.jurisdiction"] = {"$in": sorted(cities)}
        return [each.state for each in await self.rows.where(wanted, limit=limit, sort=[("state.position", -1)])]

    async def _where(self, query: Document, limit: int = 0) -> list[Delivery]:
        return [each.state for each in await self.rows.where(query, limit=limit)]
