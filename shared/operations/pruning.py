"""Removes what is settled and has been kept long enough, as the rows say (shared/values/retention.py).

A document goes only while it is settled and no event of it waits for Kafka: whoever changes it meanwhile keeps it. Any replica
may do it, and twice does no harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from shared.mongo import Database, Document, IndexModel
from shared.telemetry import PRUNED
from shared.values.clock import Clock, now
from shared.values.retention import By, Retention, Settled

log = structlog.get_logger(__name__)

PRUNE_SECONDS = 600.0
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 1_000
_EMPTIED: list[Document] = [{"$replaceWith": {"_id": "$_id", "gone": True}}]


@dataclass(frozen=True)
class Pruning:
    """The task of one service. `rows` go by collection."""

    database: Database
    rows: Mapping[str, Retention]
    clock: Clock = now

    async def prepare(self) -> None:
        """Makes the indexes that find what is over."""
        for name, row in self._by_task():
            keys = [[*((field, 1) for field in settled.where), (settled.since, 1)] for settled in row.settled]
            await self.database[name].create_indexes([IndexModel(each) for each in keys])

    async def prune(self) -> None:
        """Removes all that is over now."""
        for name, row in self._by_task():
            assert row.after is not None
            for settled in row.settled:
                if removed := await self._remove(name, settled, row.after):
                    PRUNED.labels(name).inc(removed)
                    log.info("retention.pruned", collection=name, documents=removed, days=row.after.days)

    async def _remove(self, name: str, settled: Settled, after: timedelta) -> int:
        collection, query, removed = self.database[name], over(settled, after, self.clock()), 0
        while ids := [each["_id"] async for each in collection.find(query, {"_id": 1}, limit=_AT_ONCE)]:
            these = {**query, "_id": {"$in": ids}}
            if settled.leaves_id:
                removed += (await collection.update_many(these, _EMPTIED)).modified_count
            else:
                removed += (await collection.delete_many(these)).deleted_count
        return removed

    def _by_task(self) -> list[tuple[str, Retention]]:
        return [(name, row) for name, row in self.rows.items() if row.by is By.TASK]


def over(settled: Settled, after: timedelta, at: datetime) -> Document:
    """The query for what was settled so long ago. A filled outbox is the only place where its events are."""
    return {**settled.where, settled.since: {"$gt": _EARLIEST, "$lte": at - after}, "waiting": None}
