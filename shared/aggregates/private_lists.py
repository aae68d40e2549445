"""Private lists: what a person has that nobody can connect with them without the key.

A list has a kind, such as `claims`, and an owner, such as a user id. Its entries are numbered 0, 1, 2 … without a gap. Entry n
is a document whose `_id` is HMAC(key, kind/owner/n) and whose content is sealed and padded: neither the id nor the size says
whose it is, and no time stands beside it. Only holders of the key can compute the ids, so they read 64 of them at a time
until one is missing.

A second document, the mark of the entry's name, holds the number from which the entry is looked for. The mark is written
first and never changed. Everybody who appends an entry of that name starts at this number and walks upwards until they find
the entry, or a free number; `_id` is unique, so one of them wins there and the others find the entry. Appending again after
a crash at any point therefore changes nothing, and two replicas may append at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from shared.mongo import Collection, Document, DuplicateKeyError
from shared.secrets import CannotOpen, Pseudonyms, Sealer, derived_key

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
    """The lists of one kind in one collection, which several kinds may share."""

    def __init__(self, collection: Collection, kind: str, key: bytes) -> None:
        self._collection = collection
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
                for found in await self.read(owner, position, position + _AT_ONCE):
                    if found.name == name:
                        return found
                    position = found.position + 1
            else:
                return entry

    async def find(self, owner: str, name: str) -> Entry | None:
        """The entry of this name, or None."""
        return await self.find_by_id(owner, self.name_id(owner, name))

    async def find_by_id(self, owner: str, name_id: str) -> Entry | None:
        """The entry whose name has this id in the list of this owner, or None: an id from another list finds nothing."""
        mark = await self._collection.find_one({"_id": name_id})
        if mark is None:
            return None
        opened = self._open(owner, mark)
        position = opened["position"] if opened else None
        while position is not None:
            block = await self.read(owner, position, position + _AT_ONCE)
            for entry in block:
                if self.name_id(owner, entry.name) == name_id:
                    return entry
            position = position + _AT_ONCE if len(block) == _AT_ONCE else None
        return None

    async def read(self, owner: str, start: int, stop: int) -> list[Entry]:
        """The entries from `start` up to `stop`, without `stop`, in their order; fewer where the list ends before."""
        entries: list[Entry] = []
        for first in range(start, stop, _AT_ONCE):
            wanted = range(first, min(first + _AT_ONCE, stop))
            found = await self._documents(owner, wanted)
            for position in wanted:
                if position not in found:
                    return entries
                entries.append(self._entry(owner, position, found[position]))
        return entries

    async def at(self, owner: str, positions: Sequence[int]) -> list[Entry]:
        """The entries at these positions, in this order; positions that are free are left out."""
        entries: list[Entry] = []
        for first in range(0, len(positions), _AT_ONCE):
            wanted = positions[first : first + _AT_ONCE]
            found = await self._documents(owner, wanted)
            entries += [self._entry(owner, each, found[each]) for each in wanted if each in found]
        return entries

    async def read_all(self, owner: str) -> list[Entry]:
        """The whole list, the oldest first."""
        entries: list[Entry] = []
        while len(block := await self.read(owner, len(entries), len(entries) + _AT_ONCE)) == _AT_ONCE:
            entries += block
        return entries + block

    async def length(self, owner: str) -> int:
        """How many entries the list has; found by ids that lie ever closer, in three queries for thousands of entries."""
        taken, free = 0, None
        while free is None or free > taken:
            tried = _between(taken, free)
            there = await self._there(owner, tried)
            taken = max((position + 1 for position in there), default=taken)
            free = min((position for position in tried if position not in there), default=free)
        return taken

    async def _first_position(self, owner: str, name: str) -> int:
        """Where everybody who appends this name starts. Everything below is taken by other entries."""
        mark_id = self.name_id(owner, name)
        mark = await self._collection.find_one({"_id": mark_id})
        if mark is None:
            mark = {"_id": mark_id, "sealed": self._seal(owner, mark_id, {"position": await self.length(owner)})}
            try:
                await self._collection.insert_one(mark)
            except DuplicateKeyError:
                return await self._first_position(owner, name)
        opened = self._open(owner, mark)
        assert opened is not None, "the id of a mark depends on its owner"
        return int(opened["position"])

    def _id(self, owner: str, position: int) -> str:
        return self._ids.of(f"{self._kind}/{owner}/{position}")

    def _document(self, owner: str, entry: Entry) -> Document:
        document_id = self._id(owner, entry.position)
        content = {"name": entry.name, "content": entry.content}
        return {"_id": document_id, "sealed": self._seal(owner, document_id, content)}

    def _entry(self, owner: str, position: int, document: Document) -> Entry:
        opened = self._open(owner, document)
        assert opened is not None, "the id of an entry depends on its owner"
        return Entry(position, opened["name"], opened["content"])

    async def _documents(self, owner: str, positions: Iterable[int]) -> dict[int, Document]:
        ids = {self._id(owner, position): position for position in positions}
        found = await self._collection.find({"_id": {"$in": list(ids)}}).to_list(len(ids))
        return {ids[document["_id"]]: document for document in found}

    async def _there(self, owner: str, positions: Iterable[int]) -> set[int]:
        ids = {self._id(owner, position): position for position in positions}
        found = await self._collection.find({"_id": {"$in": list(ids)}}, {"_id": 1}).to_list(len(ids))
        return {ids[document["_id"]] for document in found}

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


def _between(taken: int, free: int | None) -> list[int]:
    """Which positions to try: all below `taken` are taken, and `free` is free, where it is known."""
    if free is None:
        return [taken + 2**power - 1 for power in range(20)]
    return sorted({taken + (free - taken) * part // _AT_ONCE for part in range(_AT_ONCE)})
