"""Where batches, their parts and receipts, and the records of the cities are kept."""

from dataclasses import dataclass

from services.sync.domain.agent import Agent
from services.sync.domain.batch import Batch
from services.sync.store.lists import Lists
from services.sync.store.nonces import Nonces
from services.sync.store.parts import Parts
from services.sync.store.places import Places
from services.sync.store.receipts import Receipts
from services.sync.store.records import Records
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Database, IndexModel

__all__ = ["Lists", "Nonces", "Parts", "Places", "Receipts", "Records", "Store"]


@dataclass(frozen=True)
class Store:
    """Everything that sync keeps."""

    agents: Aggregates[Agent]
    batches: Aggregates[Batch]
    parts: Parts
    places: Places
    receipts: Receipts
    records: Records
    lists: Lists
    nonces: Nonces

    @classmethod
    def of(cls, database: Database, agents: Aggregates[Agent], batches: Aggregates[Batch]) -> "Store":
        """The collections of the service's database."""
        return cls(
            agents,
            batches,
            Parts(database["parts"]),
            Places(database["places"], database["place_counters"]),
            Receipts(database["receipt_chunks"], database["receipt_progress"]),
            Records(database["records"]),
            Lists(database["lists"]),
            Nonces(database["nonces"]),
        )

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.agents.collection.create_indexes(
            [IndexModel("state.key_id", unique=True), IndexModel("state.jurisdiction")]
        )
        await self.batches.collection.create_indexes([IndexModel([("state.jurisdiction", 1), ("_id", -1)])])
        for kept in (self.parts, self.places, self.receipts, self.nonces):
            await kept.prepare()
