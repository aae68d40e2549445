"""Where objections are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.sync.objections.objection import Objection
from shared.aggregates.aggregates import Aggregates, Stored
from shared.mongo import Document, IndexModel
from shared.values.jurisdictions import Jurisdiction


@dataclass(frozen=True)
class Objections:
    """All objections; a list shows those of some cities, and of one person."""

    all: Aggregates[Objection]

    async def prepare(self) -> None:
        await self.all.collection.create_indexes(
            [
                IndexModel("state.slot", unique=True),
                IndexModel([("state.objector_id", 1), ("_id", -1)]),
                IndexModel([("state.jurisdiction", 1), ("state.state", 1), ("_id", -1)]),
            ]
        )

    async def of_person(self, objector_id: str, record_id: str) -> list[Stored[Objection]]:
        """Those of one person to one record."""
        return await self.all.where({"state.objector_id": objector_id, "state.record_id": record_id})

    async def open_of_person(self, objector_id: str, limit: int) -> int:
        """How many of a person's wait for an answer, counted up to a limit."""
        mine = {"state.objector_id": objector_id, "state.state": "open"}
        return int(await self.all.collection.count_documents(mine, limit=limit))

    async def open_of_cities(self, cities: Collection[Jurisdiction], limit: int) -> int:
        """How many wait for an answer of these cities, counted up to a limit."""
        theirs = {"state.jurisdiction": {"$in": sorted(cities)}, "state.state": "open"}
        return int(await self.all.collection.count_documents(theirs, limit=limit))

    async def listed(
        self,
        objector_id: str,
        cities: Sequence[Jurisdiction] | None,
        narrowed: Document,
        below: str | None,
        limit: int,
    ) -> list[Stored[Objection]]:
        """A person's own and those of these cities (None: all), newest first."""
        own = {"state.objector_id": objector_id}
        seen: Document = {} if cities is None else own
        if cities:
            seen = {"$or": [own, {"state.jurisdiction": {"$in": list(cities)}}]}
        after: Document = {"_id": {"$lt": below}} if below else {}
        return await self.all.where({**seen, **narrowed, **after}, limit=limit, sort=[("_id", -1)])
