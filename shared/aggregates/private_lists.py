"""Private lists: what a person has that nobody can connect with them without the key.

A list has a kind, such as `claims`, and an owner, such as a user id. Its entries are numbered 0, 1, 2 … without a gap. Entry n
is a document whose `_id` is HMAC(key, kind/owner/n) and whose content is sealed and padded: neither the id nor the size says
whose it is, and no time stands beside it. Only holders of the key can compute the ids, so they read 64 of them at a time
until one is missing.

A second document, the mark of the entry's name, holds the number from which the entry is looked for. The mark is written
first and never changed. Everybody who appends an entry of that name starts at this number and walks upwards until they find
the entry, or a free number; `_id` is unique, so one of them wins there and the others find the entry. Appending again after
a crash at any point therefore changes nothing, and two replicas may append at once.

A list that is not kept for ever says beside each document the end of the month in which it was written, which says less than
the order in which a database stores its documents. What is over is emptied: its id stays, since the end of a list is found by
its ids, and says that the content is gone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from shared.mongo import Collection, Document, DuplicateKeyError
from shared.secrets import CannotOpen, Pseudonyms, Sealer, derived_key
from shared.values.clock import Clock

_AT_ONCE = 64
"""How many ids one query asks for."""
_PADDED_TO = 512
"""Bytes: a sealed content has a multiple of these, so that its length says nothing."""


@dataclass(frozen=True)
class Entry:
    """One entry. `position` counts from 0; `name` is unique in its list."""

    position: int
    name: str
    content: Document


class PrivateLists:
    """The lists of one kind in one collection, which several kinds may share. With a clock its documents are dated."""

    def __init__(self, collection: Collection, kind: str, key: bytes, dated_by: Clock | None = None) -> None:
        self._collection = collection
        self._dated_by = dated_by
        self._kind = kind
        self._ids = Pseudonyms(derived_key(key, "private-lists/ids"))
        self._sealer = Sealer(derived_key(key, "private-lists/contents"))

    def name_id(self, owner: str, name: str) -> str:
        """The id of the name's mark, which may serve as the public id of the entry: it says nothing without the key."""
        return self._ids.of(f"{self._kind}/{owner}/name/{name}")

    async def append(self, owner: str, name: str, content: Document) -> Entry:
        """The entry of this name as it is in the list now: this one, or the one that was appended earlier."""
        position = await self._first_position(owner, name)
        while True:
            entry = Entry(position, name, content)
            try:
                await self._collection.insert_one(self._document(owner, entry))
            except DuplicateKeyError:
                there, position = await self._block(owner, position, position + _AT_ONCE)
                if found := next((each for each in there if each.name == name), None):
                    return found
            else:
                return entry

    async def find(self, owner: str, name: str) -> Entry | None:
        """The entry of this name, or None."""
        return await self.find_by_id(owner, self.name_id(owner, name))

    async def find_by_id(self, owner: str, name_id: str) -> Entry | None:
        """The entry whose name has this id in the list of this owner, or None: an id from another list finds nothing."""
        mark = await self._collection.find_one({"_id": name_id})
        opened = None if mark is None or _is_gone(mark) else self._open(owner, mark)
        position = opened["position"] if opened else None
        while position is not None:
            block, end = await self._block(owner, position, position + _AT_ONCE)
            for entry in block:
                if self.name_id(owner, entry.name) == name_id:
                    return entry
            position = end if end == position + _AT_ONCE else None
        return None

    async def read(self, owner: str, start: int, stop: int) -> list[Entry]:
        """The entries from `start` up to `stop`, without `stop`, in their order; fewer where the list ends before, or where
        some are gone."""
        entries: list[Entry] = []
        for first in range(start, stop, _AT_ONCE):
            until = min(first + _AT_ONCE, stop)
            block, end = await self._block(owner, first, until)
            entries += block
            if end < until:
                break
        return entries

    async def _block(self, owner: str, start: int, stop: int) -> tuple[list[Entry], int]:
        """The entries from `start` on, without those that are gone, and the position before which none is free."""
        found = await self._documents(owner, range(start, stop))
        end = next((position for position in range(start, stop) if position not in found), stop)
        there = (position for position in range(start, end) if not _is_gone(found[position]))
        return [self._entry(owner, position, found[position]) for position in there], end

    async def at(self, owner: str, positions: Sequence[int]) -> list[Entry]:
        """The entries at these positions, in this order; positions that are free or gone are left out."""
        entries: list[Entry] = []
        for first in range(0, len(positions), _AT_ONCE):
            wanted = positions[first : first + _AT_ONCE]
            found = await self._documents(owner, wanted)
            there = (each for each in wanted if each in found and not _is_gone(found[each]))
            entries += [self._entry(owner, each, found[each]) for each in there]
        return entries

    async def read_all(self, owner: str) -> list[Entry]:
        """The whole list, the oldest first."""
        entries: list[Entry] = []
        start, full = 0, True
        while full:
            block, end = await self._block(owner, start, start + _AT_ONCE)
            entries += block
            start, full = end, end == start + _AT_ONCE
        return entries

    async def length(self, owner: str) -> int:
        """How many entries the list has had; found by ids that lie ever closer, in three queries for thousands of entries."""
        return await self._first_not(owner, _is_there, await self._probe(owner, _between(0, None)))

    async def bounds(self, owner: str) -> tuple[int, int]:
        """The first position that is not gone, and the length; in as many queries as the length where nothing is gone."""
        probed = await self._probe(owner, _between(0, None))
        length = await self._first_not(owner, _is_there, probed)
        return await self._first_not(owner, _is_gone, probed), length

    async def _first_not(
        self, owner: str, passed: Callable[[Document | None], bool], probed: Mapping[int, Document]
    ) -> int:
        """The first position whose document is not like that, where all before it are; what was probed first is known."""
        taken, free = 0, None
        found: Mapping[int, Document] | None = probed
        while free is None or free > taken:
            tried = _between(taken, free)
            found = found if found is not None else await self._probe(owner, tried)
            taken = max((each + 1 for each in tried if passed(found.get(each))), default=taken)
            free = min((each for each in tried if not passed(found.get(each))), default=free)
            found = None
        return taken

    async def _first_position(self, owner: str, name: str) -> int:
        """Where everybody who appends this name starts. Everything below is taken by other entries."""
        mark_id = self.name_id(owner, name)
        mark = await self._collection.find_one({"_id": mark_id})
        if mark is None:
            sealed = self._seal(owner, mark_id, {"position": await self.length(owner)})
            mark = {"_id": mark_id, "sealed": sealed, **self._dated()}
            try:
                await self._collection.insert_one(mark)
            except DuplicateKeyError:
                return await self._first_position(owner, name)
        if _is_gone(mark):
            return await self.length(owner)
        opened = self._open(owner, mark)
        assert opened is not None, "the id of a mark depends on its owner"
        return int(opened["position"])

    def _id(self, owner: str, position: int) -> str:
        return self._ids.of(f"{self._kind}/{owner}/{position}")

    def _document(self, owner: str, entry: Entry) -> Document:
        document_id = self._id(owner, entry.position)
        content = {"name": entry.name, "content": entry.content}
        return {"_id": document_id, "sealed": self._seal(owner, document_id, content), **self._dated()}

    def _dated(self) -> Document:
        return {"month": end_of_month(self._dated_by())} if self._dated_by else {}

    def _entry(self, owner: str, position: int, document: Document) -> Entry:
        opened = self._open(owner, document)
        assert opened is not None, "the id of an entry depends on its owner"
        return Entry(position, opened["name"], opened["content"])

    async def _documents(self, owner: str, positions: Iterable[int]) -> dict[int, Document]:
        ids = {self._id(owner, position): position for position in positions}
        found = await self._collection.find({"_id": {"$in": list(ids)}}).to_list(len(ids))
        return {ids[document["_id"]]: document for document in found}

    async def _probe(self, owner: str, positions: Iterable[int]) -> dict[int, Document]:
        """The documents at these positions without their contents."""
        ids = {self._id(owner, position): position for position in positions}
        found = await self._collection.find({"_id": {"$in": list(ids)}}, {"gone": 1}).to_list(len(ids))
        return {ids[document["_id"]]: document for document in found}

    def _seal(self, owner: str, document_id: str, content: Document) -> bytes:
        plain = orjson.dumps(content)
        padded = plain.ljust(-(-len(plain) // _PADDED_TO) * _PADDED_TO)
        return self._sealer.seal(padded, f"{self._kind}/{owner}/{document_id}")

    def _open(self, owner: str, document: Document) -> Document | None:
        """The content, or None for a document of another owner's list."""
        try:
            plain = self._sealer.open(document["sealed"], f"{self._kind}/{owner}/{document['_id']}")
        except CannotOpen:
            return None
        opened: Document = orjson.loads(plain)
        return opened


def end_of_month(at: datetime) -> datetime:
    """The instant at which the next month begins, in UTC."""
    first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _is_there(document: Document | None) -> bool:
    return document is not None


def _is_gone(document: Document | None) -> bool:
    """Whether its content was removed by time (shared/operations/pruning.py)."""
    return document is not None and "gone" in document


def _between(taken: int, free: int | None) -> list[int]:
    """Which positions to try: all below `taken` are taken, and `free` is free, where it is known."""
    if free is None:
        return [taken + 2**power - 1 for power in range(20)]
    return sorted({taken + (free - taken) * part // _AT_ONCE for part in range(_AT_ONCE)})
