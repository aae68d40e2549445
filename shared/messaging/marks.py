"""Durable marks that find a message which kills the process.

Only the first batch of each partition after a start is marked: after a crash that is where the culprit stands, and in
steady state nothing is written. A batch seen for the second time is done record by record; a record that was begun three
times and never survived is deadly.
"""

from collections.abc import Sequence

from shared.messaging.kafka import Record
from shared.mongo import Collection, literal

_DEADLY = 3


class Marks:
    """The marks of one process's consumers, kept in the service's database."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._settled: set[str] = set()

    async def suspects(self, group: str, records: Sequence[Record]) -> bool:
        """Whether this batch was begun before and never ended."""
        again = False
        for key, first in _firsts(group, records).items():
            if key not in self._settled:
                again = await self._begun(key, first.offset) > 1 or again
        return again

    async def is_deadly(self, group: str, record: Record) -> bool:
        """Marks that this record is begun now; true when that was so three times already."""
        return await self._begun(_of_record(group, record), record.offset) > _DEADLY

    async def survived(self, group: str, record: Record) -> None:
        """The record is done: what kills the process stands behind it."""
        await self._collection.delete_one({"_id": _of_record(group, record)})

    async def settled(self, group: str, records: Sequence[Record]) -> None:
        """The batch ended: its partitions are above suspicion until the next start."""
        for key in _firsts(group, records):
            if key not in self._settled:
                await self._collection.delete_one({"_id": key})
                self._settled.add(key)

    async def _begun(self, key: str, offset: int) -> int:
        again = {"$cond": [{"$eq": ["$offset", offset]}, {"$add": ["$begun", 1]}, 1]}
        document = {"_id": literal(key), "offset": literal(offset), "begun": again, "at": "$$NOW"}
        await self._collection.update_one({"_id": key}, [{"$replaceWith": document}], upsert=True)
        mark = await self._collection.find_one({"_id": key})
        return int(mark["begun"]) if mark else 1


def _of_record(group: str, record: Record) -> str:
    return f"{group}/{record.topic}/{record.partition}/{record.offset}"


def _firsts(group: str, records: Sequence[Record]) -> dict[str, Record]:
    firsts: dict[str, Record] = {}
    for record in records:
        firsts.setdefault(f"{group}/{record.topic}/{record.partition}", record)
    return firsts
