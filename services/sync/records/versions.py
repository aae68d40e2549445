"""What records were before: each state that was overwritten, kept before it is.

Whoever overwrites a record keeps first what stands there, under the record's id and that state's version. So there is no
second truth: the record itself is its newest state, and what is kept was one. Doing a chunk again keeps the same again, and a
death in between leaves a state in both places for a while, which readers tell by its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.sync.records.record import StoredRecord, document_of, record_id, record_of
from shared.mongo import BulkWriteError, Collection, Document, IndexModel, UpdateOne, are_duplicates, literal

KEPT = timedelta(days=1095)
"""How long a state is kept after it was overwritten, where no operator has chosen otherwise."""
PLACES_INDEX = IndexModel([("state.jurisdiction", 1), ("state.kind", 1), ("position", 1)])
"""Of a list, in the order in which it was written; the same for what stands there and for what was overwritten."""


@dataclass(frozen=True)
class Overwritten:
    """A state, and the place of what came after it."""

    record: StoredRecord
    by: int


@dataclass(frozen=True)
class Versions:
    """`_id` is `record/version`; `until` the position of what came after it, `ended_at` when it was overwritten."""

    collection: Collection

    async def prepare(self) -> None:
        await self.collection.create_indexes([IndexModel([("record", 1), ("version", -1)]), PLACES_INDEX])

    async def keep(self, overwritten: Sequence[Overwritten], at: datetime) -> None:
        """Keeps these states. Again: only by what they are overwritten may be new, where a batch was given up in between."""
        if not overwritten:
            return
        documents = [kept_of(each, at) for each in overwritten]
        try:
            await self.collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if not are_duplicates(error):
                raise
            known = [documents[failure["index"]] for failure in error.details["writeErrors"]]
            await self.collection.bulk_write([_overwritten_again(each) for each in known], ordered=False)

    async def before(self, record: str, version: int, limit: int) -> list[StoredRecord]:
        """The states of a record below this version that are kept, newest first."""
        query = {"record": record, "version": {"$lt": version}}
        found = self.collection.find(query, sort=[("version", -1)], limit=limit)
        return [record_of(each) async for each in found]

    async def at(self, record: str, at: datetime) -> StoredRecord | None:
        """The newest of the states that are kept which others could see by then."""
        query = {"record": record, "at": {"$lte": at}}
        found = await self.collection.find(query, sort=[("version", -1)], limit=1).to_list(None)
        return record_of(found[0]) if found else None

    async def oldest(self, record: str) -> StoredRecord | None:
        """The first state that is kept."""
        found = await self.collection.find({"record": record}, sort=[("version", 1)], limit=1).to_list(None)
        return record_of(found[0]) if found else None


def kept_of(overwritten: Overwritten, at: datetime) -> Document:
    """The state as it is kept."""
    record = overwritten.record
    name = record_id(record.state)
    document = {**document_of(record, record.seen_at), "record": name, "until": overwritten.by, "ended_at": at}
    return {**document, "_id": f"{name}/{record.version}"}


def _overwritten_again(document: Document) -> UpdateOne:
    news = {name: document[name] for name in ("until", "ended_at")}
    return UpdateOne({"_id": document["_id"]}, [{"$replaceWith": {"$mergeObjects": ["$$ROOT", literal(news)]}}])
