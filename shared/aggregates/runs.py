"""Where a publication of everything stands, in the owner's database: one document per topic.

`{_id: topic, log, number, done, reason, asked_at, after, published, of, holder, until}`. `log` is the id of the log that the
owner publishes to (log_ids.py). `number` counts what was asked for, `done` what was finished: a run is due where they differ.
`after` is the `_id` up to which everything is published. Every write is guarded by `number`, and those of a run by its `holder`
too, so that one process does it at a time and another goes on where a dead one stopped. No clock but the database's decides.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from shared.mongo import Collection, Document, guarded, literal, upsert
from shared.values.clock import now
from shared.values.open_sets import OpenSet

COLLECTION = "republications"
_LEASE_SECONDS = 15


class Why(OpenSet):
    """What asked for it."""

    LOG_CHANGED = "log_changed", "日志是新的"
    HOLE = "hole", "日志缺少事件"
    ASKED = "asked", "人工要求"
    ADOPTED = "adopted", "数据库已与日志对齐"


@dataclass(frozen=True)
class Run:
    """The last publication of everything that was asked for."""

    topic: str
    log: str
    number: int
    done: int
    reason: str
    asked_at: datetime
    after: str | None
    published: int
    of: int

    @property
    def is_due(self) -> bool:
        return self.done < self.number

    @property
    def progress(self) -> float:
        """0–1."""
        return min(1.0, self.published / self.of) if self.of and self.is_due else float(not self.is_due)


@dataclass(frozen=True)
class Runs:
    """The runs of one owner."""

    collection: Collection

    async def of(self, topic: str) -> Run | None:
        """The last one; None where there never was any."""
        document = await self.collection.find_one({"_id": topic})
        return _run(document) if document else None

    async def ask(self, topic: str, log: str, reason: Why, seen: Run | None) -> bool:
        """Asks for a run onto this log, from the beginning; false where somebody else asked since the run that was `seen`.

        `number` never falls below the seconds since 1970, so that a restored database goes on above what it had given.
        """
        known = seen.number if seen else 0
        fresh = {
            "_id": topic,
            "log": log,
            "number": max(known + 1, int(time.time())),
            "done": seen.done if seen else 0,
            "reason": reason.value,
            "asked_at": now(),
            "after": None,
            "published": 0,
            "of": 0,
            "holder": None,
            "until": None,
        }
        unchanged = {"$eq": [{"$ifNull": ["$number", 0]}, known]}
        return _was_written(await upsert(self.collection, topic, guarded(unchanged, literal(fresh))))

    async def take(self, run: Run, holder: str) -> bool:
        """Whether it is this one's to do from now on: nobody else holds it, or they have not moved it for a while."""
        free = {"$or": [{"$lt": [{"$ifNull": ["$until", None]}, "$$NOW"]}, {"$eq": ["$holder", literal(holder)]}]}
        return await self._write(run, free, {"holder": holder, "of": run.of})

    async def move(self, run: Run, holder: str, after: str, published: int) -> bool:
        """Everything up to `after` is published; false where the run is no longer this one's."""
        return await self._write(run, _held(holder), {"after": after, "published": published})

    async def finish(self, run: Run, holder: str) -> bool:
        """Everything is."""
        return await self._write(run, _held(holder), {"done": run.number})

    async def _write(self, run: Run, condition: Document, changes: Document) -> bool:
        guard = {"$and": [{"$eq": ["$number", run.number]}, {"$lt": ["$done", run.number]}, condition]}
        lease = {"until": {"$dateAdd": {"startDate": "$$NOW", "unit": "second", "amount": _LEASE_SECONDS}}}
        written = guarded(guard, {"$mergeObjects": ["$$ROOT", literal(changes), lease]})
        return bool((await self.collection.update_one({"_id": run.topic}, written)).modified_count)


def _held(holder: str) -> Document:
    return {"$eq": ["$holder", literal(holder)]}


def _was_written(result: object) -> bool:
    return bool(getattr(result, "modified_count", 0) or getattr(result, "upserted_id", None))


def _run(document: Document) -> Run:
    fields = ("log", "number", "done", "reason", "asked_at", "after", "published", "of")
    return Run(document["_id"], **{name: document[name] for name in fields})
