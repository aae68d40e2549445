"""What is known of each list of a city: how many records, how fresh, how many rows were rejected. Kept, not counted."""

from dataclasses import dataclass

from services.sync.intake.batch import Batch, total
from shared.events.sync import VerdictCounts
from shared.mongo import Collection, Document, guarded, literal, upsert


@dataclass(frozen=True)
class Lists:
    """One document per list; `seq` is the last batch that it knows of."""

    collection: Collection

    async def settle(self, batch: Batch, counts: VerdictCounts, withdrawn: int = 0) -> None:
        """Takes a batch that was applied into account, once however often this is called.

        A batch of which nothing was good makes nothing fresher; that a list is empty now is good to know.
        """
        news: Document = {"rejected_share": round(counts.rejected / max(1, total(counts)), 4)}
        if counts.rejected + counts.duplicate < total(counts) or not batch.rows:
            news["last_batch_at"] = batch.committed_at
        await self._keep(
            batch, news, {"$add": [{"$ifNull": ["$records", 0]}, counts.added - counts.deleted - withdrawn]}
        )

    async def recount(self, batch: Batch, records: int) -> None:
        """Takes a batch that was given up into account: nothing is fresher for it, but so many records are there now."""
        await self._keep(batch, {}, records)

    async def correct(self, list_: str, records: int, seq: int) -> None:
        """So many records are there, whatever batches said, written by batches up to this one."""
        jurisdiction, _, kind = list_.partition("/")
        document = {"_id": list_, "jurisdiction": jurisdiction, "kind": kind, "records": records}
        newest = {"seq": {"$max": [{"$ifNull": ["$seq", 0]}, seq]}}
        await upsert(
            self.collection, list_, [{"$replaceWith": {"$mergeObjects": ["$$ROOT", literal(document), newest]}}]
        )

    async def _keep(self, batch: Batch, news: Document, records: Document | int) -> None:
        assert batch.seq is not None, "a batch that has ended has its place"
        kept = {"_id": batch.list, "jurisdiction": batch.jurisdiction, "kind": batch.kind, "seq": batch.seq, **news}
        later = {"$lt": [{"$ifNull": ["$seq", 0]}, batch.seq]}
        document = {"$mergeObjects": ["$$ROOT", literal(kept), {"records": records}]}
        await upsert(self.collection, batch.list, guarded(later, document))

    async def all(self) -> list[Document]:
        """Every list that ever had a batch, in the order of their names."""
        return sorted([document async for document in self.collection.find({})], key=lambda each: str(each["_id"]))
