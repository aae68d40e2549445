"""Acts that no event tells of: refusals, and what operators do to the platform itself. They reach the audit trail too.

An act is a document that waits until its outcome is known, then is appended to the trail and removed. Refusals of one
caller at one subject become one entry a minute, with their number. What a killed process had begun and not ended is
appended with the result `unknown`.
"""

from datetime import datetime, timedelta

from shared.mongo import Collection, Document, IndexModel
from shared.operations.audit_trail import AuditTrail, Entry
from shared.values.clock import Clock, now

_MINUTE = timedelta(minutes=1)
_AT_ONCE = 100


class Acts:
    """The acts of one service that wait for their entry."""

    def __init__(self, collection: Collection, trail: AuditTrail, clock: Clock = now) -> None:
        self._collection = collection
        self._trail = trail
        self._clock = clock

    async def prepare(self) -> None:
        """Makes the index that finds what is due."""
        await self._collection.create_indexes([IndexModel("due")])

    async def begin(self, mark: str, actor: str, action: str, subject: str, jurisdiction: str | None = None) -> str:
        """Writes down what is about to be done and gives its id. The same mark again is the same act."""
        at = self._clock()
        act = _act(at, actor, action, subject, jurisdiction)
        written = {"$setOnInsert": {**act, "result": "unknown", "times": 1, "due": at + _MINUTE}}
        await self._collection.update_one({"_id": f"act/{mark}"}, written, upsert=True)
        return f"act/{mark}"

    async def end(self, act_id: str, result: str) -> None:
        """Writes down how it went and appends it."""
        await self._collection.update_one({"_id": act_id}, {"$set": {"result": result, "due": self._clock()}})
        await self.append_due()

    async def refused(self, actor: str, action: str, subject: str, code: str, jurisdiction: str | None = None) -> None:
        """Counts a refusal; its entry follows when the minute is over."""
        at = self._clock()
        minute = at.replace(second=0, microsecond=0)
        act = {**_act(at, actor, action, subject, jurisdiction), "result": f"refused:{code}", "due": minute + _MINUTE}
        act_id = f"refusal/{minute:%Y%m%dT%H%M}/{actor}/{action}/{subject}/{code}"
        await self._collection.update_one({"_id": act_id}, {"$setOnInsert": act, "$inc": {"times": 1}}, upsert=True)

    async def append_due(self) -> int:
        """Appends what is due and removes it; how many there were. Doing it twice appends once."""
        due = await self._collection.find({"due": {"$lte": self._clock()}}).to_list(_AT_ONCE)
        for act in sorted(due, key=lambda each: each["at"]):
            await self._trail.append(_entry(act))
            await self._collection.delete_one({"_id": act["_id"], "times": act["times"]})
        return len(due)


def _act(at: datetime, actor: str, action: str, subject: str, jurisdiction: str | None) -> Document:
    return {"at": at, "actor": actor, "action": action, "subject": subject, "jurisdiction": jurisdiction}


def _entry(act: Document) -> Entry:
    fields = ("at", "actor", "action", "subject", "jurisdiction", "result", "times")
    return Entry(source=str(act["_id"]), **{name: act[name] for name in fields})
