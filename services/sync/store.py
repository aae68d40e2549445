"""Everything that sync keeps, room by room."""

from dataclasses import dataclass

from services.sync.applying.receipts import Receipts
from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch
from services.sync.intake.store import Intake
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Database


@dataclass(frozen=True)
class Store:
    """The stores of all rooms."""

    intake: Intake
    receipts: Receipts
    records: Records
    lists: Lists

    @classmethod
    def of(cls, database: Database, agents: Aggregates[Agent], batches: Aggregates[Batch]) -> "Store":
        """The collections of the service's database."""
        return cls(
            Intake.of(database, agents, batches),
            Receipts(database["receipt_chunks"], database["receipt_progress"]),
            Records(database["records"]),
            Lists(database["lists"]),
        )

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.intake.prepare()
        await self.receipts.prepare()
