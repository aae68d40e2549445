"""The records of the cities as they stand, tombstones included."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.sync.records.record import (
    NUMBERED_FROM,
    StoredRecord,
    document_of,
    end_of,
    position_of,
    published,
    record_id,
    record_of,
    taken_from_log,
)
from services.sync.records.versions import PLACES_INDEX, Overwritten, Versions
from shared.aggregates.adopting import Outcome
from shared.aggregates.stored_state import Kept
from shared.events.envelope import Event
from shared.mongo import Collection, Document, UpdateOne
from shared.projections import registers
from shared.values.clock import Clock, now

_NUMBERED_AT_ONCE = 1_000


class Listed(Kept):
    """A record by its names."""

    source_id: str
    title: str


@dataclass(frozen=True)
class Records:
    """`_id` is `jurisdiction/kind/source_id`; `version` is the seq of the batch that wrote the record last."""

    collection: Collection
    versions: Versions
    clock: Clock = now

    async def prepare(self) -> None:
        await self.collection.create_indexes([PLACES_INDEX])
        await self.versions.prepare()

    async def find(self, record_id: str) -> StoredRecord | None:
        """The record, or None where there never was one."""
        document = await self.collection.find_one({"_id": record_id})
        return record_of(document) if document else None

    async def load(self, list_: str, source_ids: Iterable[str]) -> dict[str, StoredRecord]:
        """The records of a list that exist, by source_id."""
        wanted = [f"{list_}/{source_id}" for source_id in source_ids]
        found = [record_of(each) async for each in self.collection.find({"_id": {"$in": wanted}})]
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

    async def write(self, records: Sequence[StoredRecord], stored: Mapping[str, StoredRecord]) -> None:
        """Writes each record where what stands there is older, which is kept first. `stored` goes by source_id.

        The instant is that of this write, and of one record never earlier than that of its state before.
        """
        at = self.clock()
        earlier = {record_id(each.state): stored.get(each.state.source_id) for each in records}
        overwritten = [
            Overwritten(old, each.position)
            for each in records
            if (old := earlier[record_id(each.state)]) and old.version < each.version
        ]
        await self.versions.keep(overwritten, at)
        seen = {name: max(at, old.seen_at) if old else at for name, old in earlier.items()}
        documents = [document_of(each, seen[record_id(each.state)]) for each in records]
        await registers.write(self.collection, documents, {name for name, old in earlier.items() if old})

    async def number(self, list_: str) -> None:
        """Gives a position to what has none: older versions of this code wrote it, or it was taken in from the log.

        It comes after every row of its batch, so that no follower who has read a part of that batch misses it.
        """
        jurisdiction, _, kind = list_.partition("/")
        among = {"state.jurisdiction": jurisdiction, "state.kind": kind}
        of_list = {**among, "position": None}
        while found := await self.collection.find(of_list, {"version": 1}, limit=_NUMBERED_AT_ONCE).to_list(None):
            following: dict[int, int] = {}
            writes = []
            for each in found:
                version = each["version"]
                if version not in following:
                    following[version] = await self._last_number(among, version) + 1
                position = following[version]
                following[version] += 1
                writes.append(_numbered(each["_id"], version, position))
            await self.collection.bulk_write(writes, ordered=False)

    async def _last_number(self, among: Document, version: int) -> int:
        within = {"$gte": position_of(version, NUMBERED_FROM), "$lte": end_of(version)}
        found = self.collection.find({**among, "position": within}, {"position": 1}, sort=[("position", -1)], limit=1)
        numbers = [int(each["position"]) async for each in found]
        return numbers[0] if numbers else position_of(version, NUMBERED_FROM)

    def event_of(self, document: Document) -> Event:
        """The event of the document's present version, the same as it was."""
        return published(record_of(document))

    async def adopt(self, events: Sequence[Event]) -> Outcome:
        """Takes in a record as the log knows it, where that is newer."""
        newest = events[-1]
        record, known = taken_from_log(newest), await self.find(newest.subject)
        if record is None or (known and known.version >= record.version):
            return Outcome.SAME
        await self.write([record], {record.state.source_id: known} if known else {})
        return Outcome.TAKEN


def _numbered(name: str, version: int, position: int) -> UpdateOne:
    """Unless a batch has overwritten it meanwhile."""
    unchanged: Document = {"$eq": ["$version", version]}
    return UpdateOne({"_id": name}, [{"$set": {"position": {"$cond": [unchanged, position, "$position"]}}}])
