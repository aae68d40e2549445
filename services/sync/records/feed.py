"""The change feed: what was written to the lists, in order, as far as it is applied.

Every list has an order of its own: batch by batch, row by row. What is read up to a place is a prefix of it, whatever is
written meanwhile, for the state that a write replaces is kept (versions.py), and nothing is shown before its chunk is done.
States that were removed after their time are missing between two that are there; the newest state of a record never is.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from services.sync.records.following import Following, Read, share
from services.sync.records.record import StoredRecord, record_of
from shared.mongo import Collection, Document

Applied = Callable[[], Awaitable[Mapping[str, int]]]
"""The place up to which each list is applied: nothing is written at or below it any more."""
Wanted = Callable[[str], bool]
"""Whether the follower asks for this list."""


@dataclass(frozen=True)
class Feed:
    """Reads what stands there and what was overwritten."""

    records: Collection
    versions: Collection
    applied: Applied

    async def read(self, following: Following, wanted: Wanted, limit: int) -> tuple[list[StoredRecord], Following]:
        """At most `limit` changes, and how far they were read then. None at all: the follower has everything."""
        applied = {name: end for name, end in (await self.applied()).items() if wanted(name)}
        changes: list[StoredRecord] = []
        news = following.with_news(applied)
        for number, name in enumerate(news):
            if len(changes) == limit:
                break
            room = share(limit - len(changes), news[number:])
            found, read = await self._of_list(name, following.place_in(name, applied[name]), applied[name], room)
            changes += found
            following = following.at(name, read)
        return changes, following

    async def _of_list(self, name: str, read: Read, applied: int, limit: int) -> tuple[list[StoredRecord], Read]:
        found: list[StoredRecord] = []
        while len(found) < limit:
            until = read.until(applied)
            if read.position >= until:
                if read.joined is None:
                    break
                read = replace(read, joined=None)
                continue
            found += await self._between(name, read, until, limit - len(found))
            read = replace(read, position=found[-1].position if len(found) == limit else until)
        return found, read

    async def _between(self, name: str, read: Read, until: int, limit: int) -> list[StoredRecord]:
        """The first changes after the place. What stands there is read first: if it is overwritten then, it was kept before."""
        city, _, kind = name.partition("/")
        standing: Document = {
            "state.jurisdiction": city,
            "state.kind": kind,
            "position": {"$gt": read.position, "$lte": until},
        }
        overwritten = dict(standing)
        if read.joined is not None:  # the whole state as it was there: what was gone by then was never seen
            standing |= {"state.deleted": False}
            overwritten |= {"state.deleted": False, "until": {"$gt": read.joined}}
        found = await _first(self.records, standing, limit) | await _first(self.versions, overwritten, limit)
        return [found[position] for position in sorted(found)[:limit]]


async def _first(collection: Collection, query: Document, limit: int) -> dict[int, StoredRecord]:
    """By position: a state may be in both places."""
    documents = collection.find(query, sort=[("position", 1)], limit=limit)
    return {int(each["position"]): record_of(each) async for each in documents}
