"""The audit trail of one service: an append-only chain in which every entry holds the hash of the one before it.

`_id` is the entry's number, from 1 without gaps, and `source` names what the entry is about, so that any replica may
append and appending twice adds nothing: a taken number means that another replica was faster, a taken source that the
entry is there already. Whoever changes or removes an entry breaks the chain at that place; whoever cuts its end is found
by the signed heads (audit_heads.py).
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from collections.abc import Collection as Container
from dataclasses import dataclass
from datetime import datetime

import orjson

from shared.events.payload import rfc3339
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel, guarded, literal, upsert

_AT_ONCE = 500
"""Entries that one query reads: by their numbers, so that no query grows with the trail (decision 62)."""
_PROBED = 64
_HINT_EVERY = 32
_START = "0" * 64
"""What the first entry has in place of a hash before it."""


@dataclass(frozen=True)
class Entry:
    """What happened: `result` is `done`, `done:<reason>`, `unknown` or `refused:<problem code>`; `times` counts equal refusals
    of a minute.

    `jurisdiction` is the city that the subject belongs to, or None.
    """

    source: str
    at: datetime
    actor: str
    action: str
    subject: str
    result: str = "done"
    jurisdiction: str | None = None
    times: int = 1


@dataclass(frozen=True)
class Head:
    """The newest entry: its number (0 while there is none) and its hash."""

    seq: int = 0
    hash: str = _START


@dataclass(frozen=True)
class Verification:
    """Whether every entry is what was appended; `broken_at` is the first number that is not."""

    intact: bool
    entries: int
    head: Head
    broken_at: int | None = None


@dataclass(frozen=True)
class Wanted:
    """Which entries a reader asks for; None means all. `cities` limits them to those of these jurisdictions."""

    actor: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    cities: Container[str] | None = None

    @property
    def query(self) -> Document:
        """As a filter on the collection."""
        times = {"$gte": self.since, "$lt": self.until}
        bounds = {name: value for name, value in times.items() if value is not None}
        fields: Document = {"actor": self.actor, "subject": self.subject, "at": bounds or None}
        query = {name: value for name, value in fields.items() if value is not None}
        if self.cities is not None:
            query["jurisdiction"] = {"$in": sorted(self.cities)}
        return query


class AuditTrail:
    """The chain in `entries`; `hints` holds where its end was seen last, so that nobody searches for it from the start."""

    def __init__(self, entries: Collection, hints: Collection) -> None:
        self._entries = entries
        self._hints = hints
        self._head: Head | None = None
        self._appending = asyncio.Lock()

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self._entries.create_indexes(
            [
                IndexModel("source", unique=True),
                IndexModel([("actor", 1), ("_id", -1)]),
                IndexModel([("subject", 1), ("_id", -1)]),
            ]
        )

    async def append(self, entry: Entry) -> None:
        """Adds the entry at the end, unless its source is there already. Where the end is, is asked only when another replica
        has moved it."""
        async with self._appending:
            head = self._head or await self._end()
            while True:
                document = _chained(entry, head)
                try:
                    await self._entries.insert_one(document)
                except DuplicateKeyError:
                    if await self._entries.find_one({"source": entry.source}, {"_id": 1}):
                        return
                    head = await self._end()
                    continue
                self._head = Head(document["_id"], document["hash"])
                if self._head.seq % _HINT_EVERY == 0:
                    await self._hint(self._head)
                return

    async def head(self) -> Head:
        """Where the chain ends now."""
        async with self._appending:
            return await self._end()

    async def newest(self, wanted: Wanted, limit: int, before: int | None) -> list[Document]:
        """At most `limit` entries with a lower number than `before`, the newest first."""
        end = (await self.head()).seq + 1 if before is None else before
        found: list[Document] = []
        if wanted.query:
            query = {**wanted.query, "_id": {"$lt": end}}
            return await self._entries.find(query).sort("_id", -1).to_list(limit)
        while end > 1 and len(found) < limit:
            start = max(1, end - limit)
            part = await self._entries.find({"_id": _numbers(start, end)}).to_list(None)
            found += sorted(part, key=lambda each: int(each["_id"]), reverse=True)
            end = start
        return found[:limit]

    async def oldest_first(self, wanted: Wanted) -> AsyncIterator[Document]:
        """Every entry that fits, for an export."""
        end = (await self.head()).seq
        for start in range(1, end + 1, _AT_ONCE):
            numbers = _numbers(start, min(start + _AT_ONCE, end + 1))
            part = await self._entries.find({**wanted.query, "_id": numbers}).to_list(None)
            for document in sorted(part, key=lambda each: int(each["_id"])):
                yield document

    async def verify(self) -> Verification:
        """Computes every hash again, from the first entry to the last."""
        end, head = await self.head(), Head()
        async for document in self.oldest_first(Wanted()):
            if document["previous_hash"] != head.hash or document["hash"] != hash_of(document):
                return Verification(False, end.seq, end, head.seq + 1)
            head = Head(document["_id"], document["hash"])
        if head.seq < end.seq:
            return Verification(False, end.seq, end, head.seq + 1)
        return Verification(True, head.seq, head)

    async def hash_at(self, seq: int) -> str | None:
        """The hash of one entry; None where there is none."""
        document = await self._entries.find_one({"_id": seq}, {"hash": 1})
        return str(document["hash"]) if document else None

    async def _end(self) -> Head:
        """Goes on from the last known end, some numbers at a time, to the end as it is now."""
        known = self._head or await self._hinted()
        while True:
            following = _numbers(known.seq + 1, known.seq + 1 + _PROBED)
            found = await self._entries.find({"_id": following}, {"hash": 1}).to_list(None)
            if not found:
                break
            last = max(found, key=lambda each: int(each["_id"]))
            known = Head(last["_id"], last["hash"])
        self._head = known
        return known

    async def _hinted(self) -> Head:
        hint = await self._hints.find_one({"_id": "head"})
        return Head(hint["seq"], hint["hash"]) if hint else Head()

    async def _hint(self, head: Head) -> None:
        document = {"_id": "head", "seq": head.seq, "hash": head.hash}
        higher = {"$lt": [{"$ifNull": ["$seq", 0]}, head.seq]}
        await upsert(self._hints, "head", guarded(higher, literal(document)))


def hash_of(document: Document) -> str:
    """SHA-256 (hex) of the entry's fields as JSON with sorted keys, the hash of the entry before it among them."""
    covered = {name: value for name, value in document.items() if name != "hash"}
    canonical = orjson.dumps({**covered, "at": rfc3339(covered["at"])}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()


def _numbers(start: int, end: int) -> Document:
    """The entries from `start` to the one before `end`."""
    return {"$in": list(range(start, end))}


def _chained(entry: Entry, head: Head) -> Document:
    document: Document = {"_id": head.seq + 1, **vars(entry), "previous_hash": head.hash}
    return {**document, "hash": hash_of(document)}
