"""Where agents, batches, parts, places and nonces are kept."""

from dataclasses import dataclass, field

from services.sync.intake.agent import Agent
from services.sync.intake.batch import FOLLOWED_FOR, Batch
from services.sync.intake.files import Files
from services.sync.intake.nonces import Nonces
from services.sync.intake.parts import Parts
from services.sync.intake.places import Places
from services.sync.intake.turns import Turns
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Database, IndexModel


@dataclass(frozen=True)
class Intake:
    """Everything that is kept of a batch before it is applied."""

    agents: Aggregates[Agent]
    batches: Aggregates[Batch]
    parts: Parts
    places: Places
    nonces: Nonces
    files: Files
    opening: Turns = field(default_factory=Turns)

    @classmethod
    def of(cls, database: Database, agents: Aggregates[Agent], batches: Aggregates[Batch]) -> "Intake":
        """The collections of the service's database."""
        return cls(
            agents,
            batches,
            Parts(database["parts"]),
            Places(database["places"], database["place_counters"]),
            Nonces(database["nonces"]),
            Files(database["uploads"]),
        )

    async def without_place(self) -> list[Batch]:
        """The batches that were approved, and whose approval was interrupted before it took a place."""
        return [each.state for each in await self.batches.where({"state.state": "processing", "state.seq": None})]

    async def dry_run_of(self, batch: Batch) -> str | None:
        """The last dry run of this content for the same list, in the same mode, that came to its end."""
        same = batch.model_dump(include={"jurisdiction", "kind", "mode", "sha256"})
        query = {f"state.{name}": value for name, value in same.items()}
        query |= {"state.dry_run": True, "state.state": "verified"}
        query |= {"state.created_at": {"$gte": batch.created_at - FOLLOWED_FOR}}
        found = await self.batches.where(query, limit=1, sort=[("_id", -1)])
        return found[0].state.id if found else None

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.agents.collection.create_indexes(
            [
                IndexModel("state.key_id", unique=True),
                IndexModel("state.public_key", unique=True),  # a key belongs to one city
                IndexModel("state.jurisdiction"),
            ]
        )
        await self.batches.collection.create_indexes(
            [
                IndexModel([("state.jurisdiction", 1), ("_id", -1)]),
                IndexModel([("state.state", 1), ("state.created_at", 1)]),
                IndexModel([("state.jurisdiction", 1), ("state.sha256", 1)]),
            ]
        )
        for kept in (self.parts, self.places, self.nonces, self.files):
            await kept.prepare()
