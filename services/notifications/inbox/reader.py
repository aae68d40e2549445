"""A reader 收件人: what a person has read of their inbox, and the keys under which they read and reported.

Read are runs of positions, each with the moment of reading. Reading everything is one run, so it costs the same whatever
the inbox holds, and how much is unread is a subtraction. Nothing is written on the items themselves: a read mark on an item
about a sealed claim would join it to the reader.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept

_KEPT_APART = 256
"""So many runs keep their own moments; older neighbours become one run."""


class Run(Kept):
    """Positions from `start` up to `stop`, without `stop`, that were read at one moment."""

    start: int
    stop: int
    at: datetime


class Reader(Kept):
    """One person, by the everyday name (names.py). Runs are in order, and none overlaps another."""

    id: str
    runs: tuple[Run, ...] = ()

    def read_from(self, first: int) -> int:
        """How many items from this position on were read."""
        return sum(max(0, run.stop - max(run.start, first)) for run in self.runs)

    def read_at(self, position: int) -> datetime | None:
        """When this item was read, or None."""
        return next((run.at for run in self.runs if run.start <= position < run.stop), None)

    def unread_below(self, position: int) -> Iterator[int]:
        """The positions below this one that are unread, the highest first."""
        for run in reversed(self.runs):
            yield from range(position - 1, max(run.stop, 0) - 1, -1) if run.stop < position else ()
            position = min(position, run.start)
        yield from range(position - 1, -1, -1)


def read_one(reader: Reader, position: int, at: datetime) -> Decision[Reader]:
    """This item was read now, unless it was read earlier."""
    if reader.read_at(position) is not None:
        return Decision(reader, "read", reader.id, None)
    return _with(reader, "read", [*reader.runs, Run(start=position, stop=position + 1, at=at)])


def read_everything(reader: Reader, length: int, at: datetime) -> Decision[Reader]:
    """Everything below this length was read, now or earlier; what comes later is unread, however often this is repeated."""
    runs, start = list(reader.runs), 0
    for run in reader.runs:
        if start < run.start:
            runs.append(Run(start=start, stop=min(run.start, length), at=at))
        start = run.stop
    if start < length:
        runs.append(Run(start=start, stop=length, at=at))
    return _with(reader, "read-all", [run for run in runs if run.start < run.stop])


def report(reader: Reader) -> Decision[Reader]:
    """The person reported what the mini-program's dialogue answered; what it means is kept with each consent."""
    return Decision(reader, "report-consents", reader.id, None)


def _with(reader: Reader, action: str, runs: list[Run]) -> Decision[Reader]:
    runs = sorted(runs, key=lambda run: run.start)
    while len(runs) > _KEPT_APART and (pair := _neighbours(runs)) is not None:
        older, newer = runs[pair], runs[pair + 1]
        runs[pair : pair + 2] = [Run(start=older.start, stop=newer.stop, at=max(older.at, newer.at))]
    return Decision(reader.model_copy(update={"runs": tuple(runs)}), action, reader.id, None)


def _neighbours(runs: list[Run]) -> int | None:
    """The first run that ends where the next one begins."""
    pairs = pairwise(runs)
    return next((number for number, (run, after) in enumerate(pairs) if run.stop == after.start), None)
