"""The rows of committed batches by their number, however they were cut into parts.

What is kept here between two calls only saves work: it is made anew from the parts whenever it is missing.
"""

import asyncio
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Generic, TypeVar

from services.sync.intake.batch import Batch
from services.sync.intake.part_bodies import rows_of
from services.sync.intake.parts import Parts
from services.sync.rows.duplicates import winners
from services.sync.rows.places import At
from services.sync.rows.reading import place_of

T = TypeVar("T")


@dataclass(frozen=True)
class Outline:
    """`starts[n]` is how many rows stand before part n; `winning` as in rows/duplicates.py."""

    starts: tuple[int, ...]
    winning: Mapping[int, int]


class _Recent(Generic[T]):
    """The last few of something."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, T] = OrderedDict()

    def get(self, key: str) -> T | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: str, value: T) -> T:
        self._kept[key] = value
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value


@dataclass
class BatchRows:
    """Reads from the parts. PartsGone when a batch's rows are no longer kept."""

    parts: Parts
    _outlines: _Recent[Outline] = field(default_factory=lambda: _Recent(16))
    _lines: _Recent[list[bytes]] = field(default_factory=lambda: _Recent(8))

    async def outline(self, batch: Batch) -> Outline:
        """Where the parts begin, and which rows come again later in the batch."""
        if known := self._outlines.get(batch.id):
            return known
        ids = [await self.parts.source_ids(batch.id, part) for part in range(batch.parts or 0)]
        starts = tuple(accumulate((len(each) for each in ids), initial=0))[:-1]
        return self._outlines.keep(
            batch.id, Outline(starts, await asyncio.to_thread(winners, chain.from_iterable(ids)))
        )

    async def named(self, batch: Batch) -> frozenset[str]:
        """The source_ids that its rows name, whatever becomes of these."""
        names: set[str] = set()
        for part in range(batch.parts or 0):
            names.update(each for each in await self.parts.source_ids(batch.id, part) if each is not None)
        return frozenset(names)

    async def take(self, batch: Batch, first_row: int, count: int) -> list[bytes]:
        """At most `count` rows from `first_row` (from 1) on."""
        starts = (await self.outline(batch)).starts
        rows: list[bytes] = []
        part = bisect_right(starts, first_row - 1) - 1
        skipped = first_row - 1 - starts[part]
        while part < len(starts) and len(rows) < count:
            lines = await self._of(batch, part)
            rows += lines[skipped : skipped + count - len(rows)]
            part, skipped = part + 1, 0
        return rows

    async def places(self, batch: Batch, rows: Iterable[int]) -> dict[int, At | None]:
        """Where these rows stand in the city's file; part by part, since each has to be read for its rows."""
        return {row: place_of((await self.take(batch, row, 1))[0]) for row in sorted(set(rows))}

    async def _of(self, batch: Batch, part: int) -> list[bytes]:
        key = f"{batch.id}/{part}"
        if known := self._lines.get(key):
            return known
        return self._lines.keep(key, await asyncio.to_thread(rows_of, await self.parts.body(batch.id, part)))
