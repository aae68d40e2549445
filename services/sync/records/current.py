"""The records of the cities as they stand, tombstones included."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from services.sync.records.record import StoredRecord, published, record_id, taken_from_log
from shared.aggregates.adopting import Outcome
from shared.aggregates.stored_state import Kept
from shared.events.envelope import Event
from shared.events.sync import RecordState
from shared.mongo import Collection, Document
from shared.projections import registers


class Listed(Kept):
    """A record by its names."""

    source_id: str
    title: str


@dataclass(frozen=True)
class Records:
    """`_id` is `jurisdiction/kind/source_id`; `version` is the seq of the batch that wrote the record last."""

    collection: Collection

    async def find(self, record_id: str) -> StoredRecord | None:
        """The record, or None where there never was one."""
        document = await self.collection.find_one({"_id": record_id})
        return _stored(document) if document else None

    async def load(self, list_: str, source_ids: Iterable[str]) -> dict[str, StoredRecord]:
        """The records of a list that exist, by source_id."""
        wanted = [f"{list_}/{source_id}" for source_id in source_ids]
        found = [_stored(each) async for each in self.collection.find({"_id": {"$in": wanted}})]
        return {record.state.source_id: record for record in found}

    async def listed(self, list_: str) -> AsyncIterator[Listed]:
        """The records of a list in the order of their ids, without the deleted ones."""
        within = {"$gte": f"{list_}/", "$lt": f"{list_}0"}  # "0" comes right after "/"
        names = {"state.source_id": 1, "state.title": 1}
        async for each in self.collection.find({"_id": within, "state.deleted": False}, names, sort=[("_id", 1)]):
            yield Listed.model_validate(each["state"])

    async def count(self, list_: str) -> int:
        """How many records of a list there are, without the deleted ones."""
        within = {"$gte": f"{list_}/", "$lt": f"{list_}0"}  # "0" comes right after "/"
        return int(await self.collection.count_documents({"_id": within, "state.deleted": False}))

    async def write(self, records: Sequence[StoredRecord], known: set[str]) -> None:
        """Writes each record where what stands there is older. `known` are the source_ids that stand there already."""
        standing = {record_id(each.state) for each in records if each.state.source_id in known}
        await registers.write(self.collection, [_document(each) for each in records], standing)

    def event_of(self, document: Document) -> Event:
        """The event of the document's present version, the same as it was."""
        return published(_stored(document))

    async def adopt(self, events: Sequence[Event]) -> Outcome:
        """Takes in a record as the log knows it, where that is newer."""
        newest = events[-1]
        record, known = taken_from_log(newest), await self.find(newest.subject)
        if record is None or (known and known.version >= record.version):
            return Outcome.SAME
        await self.write([record], {record.state.source_id} if known else set())
        return Outcome.TAKEN


def _document(record: StoredRecord) -> Document:
    return {
        "_id": record_id(record.state),
        "version": record.version,
        "verdict": record.verdict,
        "digest": record.digest,
        "before": record.before,
        "state": record.state.model_dump(),
    }


def _stored(document: Document) -> StoredRecord:
    return StoredRecord(
        document["version"],
        document["verdict"],
        document["digest"],
        document["before"],
        RecordState.model_validate(document["state"]),
    )
