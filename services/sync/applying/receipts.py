"""The receipt of a batch: the verdicts, one document per chunk, and how far it is, in a document of its own.

Of a push most rows are what was there already. Those about which there is nothing more to say are no rows of a document:
their numbers are kept as ranges, `unchanged: [[2, 400], [402, 500]]`, and their ids in order, compressed, in `ids`. Whoever
reads gets every row.
"""

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from services.sync.applying.verdicts import Outcome, added_up, counted
from services.sync.rows.rejections import shown_suggestions
from shared.aggregates.stored_state import Kept, StateSchema
from shared.events.sync import VerdictCounts
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel, guarded, literal, size_of, upsert
from shared.values.clock import Clock, now

KEPT = timedelta(days=1095)
"""How long the verdicts on single rows are kept, where no operator has chosen otherwise."""
_CHUNKS_AT_ONCE = 16
_PIECE_BYTES = 8 * 1024 * 1024
WARNED = "warned"
"""Stands beside the verdicts of a chunk where one of its rows has a warning."""
_PLAIN = {"row", "source_id", "verdict"}
"""All that there is to say of a row that is what was there already."""


@dataclass(frozen=True)
class Since:
    """What changed since the dry run: rows with another verdict, and rows with the same one before which something else stood."""

    other_verdict: int = 0
    other_before: int = 0

    @classmethod
    def between(cls, earlier: Mapping[int, Document], first_row: int, outcomes: Sequence[Outcome]) -> "Since":
        """Of a chunk; `earlier` is what the dry run said of its rows, by their numbers."""
        verdict = before = 0
        for number, outcome in enumerate(outcomes, first_row):
            said = earlier.get(number, {})
            if said.get("verdict") != outcome.verdict:
                verdict += 1
            elif said.get("before") != outcome.before:
                before += 1
        return cls(verdict, before)


class Progress(BaseModel):
    """How far a batch is: chunks and rows with their verdicts, the counts of these, and how many rows have warnings.

    Of a snapshot, how many records it is `to_withdraw` (None: it was not weighed), how many of them it has withdrawn, and in how
    many pieces. Weighing and each of these pieces count as chunks, without rows.

    Of a push that follows a dry run, `other_verdict` and `other_before` count rows as `Since` does.
    """

    model_config = ConfigDict(frozen=True)

    chunks: int = 0
    rows: int = 0
    counts: VerdictCounts = VerdictCounts()
    warnings: int = 0
    to_withdraw: int | None = None
    withdrawn: int = 0
    pieces: int = 0
    other_verdict: int = 0
    other_before: int = 0

    def after(self, outcomes: Sequence[Outcome], since: Since = Since()) -> "Progress":
        """With one more chunk, in which `since` is not as it was in the dry run."""
        return self._further(
            rows=self.rows + len(outcomes),
            counts=added_up(self.counts, counted(outcomes)),
            warnings=self.warnings + sum(each.warns for each in outcomes),
            other_verdict=self.other_verdict + since.other_verdict,
            other_before=self.other_before + since.other_before,
        )

    def weighed(self, to_withdraw: int) -> "Progress":
        """So many records are to be withdrawn, after the last row."""
        return self._further(to_withdraw=to_withdraw)

    def after_withdrawing(self, records: int) -> "Progress":
        """With one more piece."""
        return self._further(withdrawn=self.withdrawn + records, pieces=self.pieces + 1)

    def is_whole(self, rows: int) -> bool:
        """Whether nothing is left to do of a batch of so many rows."""
        return self.rows == rows and self.withdrawn == (self.to_withdraw or 0)

    def _further(self, **changed: object) -> "Progress":
        return self.model_copy(update={"chunks": self.chunks + 1, **changed})


class Chunk(Kept):
    """The rows of a chunk, or of a piece of one. `at` is when they got their verdicts."""

    rows: tuple[dict[str, Any], ...]
    unchanged: tuple[tuple[int, int], ...] = ()
    ids: bytes = b""
    at: datetime | None = None

    @classmethod
    def of(cls, rows: Sequence[Document], at: datetime) -> "Chunk":
        """Rows in order, those that are unchanged as ranges."""
        plain = [each for each in rows if each["verdict"] == "unchanged" and each.keys() == _PLAIN]
        numbers = {each["row"] for each in plain}
        ids = zlib.compress(orjson.dumps([each["source_id"] for each in plain])) if plain else b""
        said = tuple(each for each in rows if each["row"] not in numbers)
        return cls(rows=said, unchanged=_ranges(sorted(numbers)), ids=ids, at=at)

    def with_verdict(self, verdict: str | None) -> list[Document]:
        """The rows with this verdict (None: all, WARNED: those with warnings) in order, each as it was said."""
        if verdict == WARNED:
            return [row for row in self.rows if _warns(row)]
        found = [row for row in self.rows if verdict in (None, row["verdict"])]
        if self.unchanged and verdict in (None, "unchanged"):
            numbers = [row for first, last in self.unchanged for row in range(first, last + 1)]
            ids = orjson.loads(zlib.decompress(self.ids))
            found += [
                {"row": row, "source_id": source_id, "verdict": "unchanged"}
                for row, source_id in zip(numbers, ids, strict=True)
            ]
        return sorted(found, key=_number)

    @property
    def first(self) -> int:
        """The number of its first row."""
        return int(min([row["row"] for row in self.rows[:1]] + [first for first, _ in self.unchanged[:1]]))


def _every_row_said(document: Document) -> Document:
    """Schema 1 had a row for each, whatever its verdict."""
    return {"unchanged": [], "ids": b"", **document}


CHUNKS = StateSchema(Chunk, (_every_row_said,))
"""The fields of a chunk stand at the top of its document."""


@dataclass(frozen=True)
class Receipts:
    """`found` of a chunk names the batch with each verdict that is in it, so that rare verdicts are found quickly."""

    chunks: Collection
    progress: Collection
    kept: timedelta = KEPT
    clock: Clock = now

    async def prepare(self) -> None:
        await self.chunks.create_indexes([IndexModel([("found", 1), ("chunk", 1)])])

    async def how_far(self, batch_id: str) -> Progress:
        """The batch's progress; nothing yet when it has not begun."""
        document = await self.progress.find_one({"_id": batch_id})
        return Progress.model_validate(document) if document else Progress()

    async def keep(
        self, batch_id: str, chunk: int, first_row: int, outcomes: Sequence[Outcome], columns: Mapping[str, str]
    ) -> None:
        """Keeps the verdicts of a chunk, once: what was kept first stays. `columns` are the names of fields in the file."""
        rows = [_row(number, outcome, columns) for number, outcome in enumerate(outcomes, first_row)]
        for number, piece in enumerate(_pieces(rows)):
            verdicts = sorted({row["verdict"] for row in piece} | ({WARNED} if any(map(_warns, piece)) else set()))
            document = {
                "_id": f"{batch_id}/{chunk}/{number}",
                "chunk": chunk,
                "found": [f"{batch_id}/{verdict}" for verdict in ("any", *verdicts)],
                "schema": CHUNKS.number,
                **Chunk.of(piece, self.clock()).model_dump(),
            }
            with suppress(DuplicateKeyError):
                await self.chunks.insert_one(document)

    async def move(self, batch_id: str, progress: Progress) -> Progress:
        """Records the progress unless somebody else already did; answers what is recorded."""
        earlier = {"$lt": [{"$ifNull": ["$chunks", 0]}, progress.chunks]}
        document = literal({"_id": batch_id, **progress.model_dump()})
        written = await upsert(self.progress, batch_id, guarded(earlier, document))
        if written.modified_count or written.upserted_id is not None:
            return progress
        return await self.how_far(batch_id)

    async def rows(self, batch_id: str, verdict: str | None, chunks: range) -> AsyncIterator[tuple[int, Document]]:
        """The rows with this verdict (as in Chunk.with_verdict) in these chunks, in order, each with the number of its chunk."""
        found = f"{batch_id}/{verdict or 'any'}"
        for start in range(chunks.start, chunks.stop, _CHUNKS_AT_ONCE):
            window = {"$gte": start, "$lt": min(start + _CHUNKS_AT_ONCE, chunks.stop)}
            documents = await self.chunks.find({"found": found, "chunk": window}).to_list(None)
            pieces = [(int(each["chunk"]), _read(each)) for each in documents]
            for chunk, piece in sorted(pieces, key=lambda each: each[1].first):
                for row in piece.with_verdict(verdict):
                    yield chunk, row

    async def of_chunk(self, batch_id: str, chunk: int) -> dict[int, Document]:
        """What a batch's receipt says of the rows of a chunk, by their numbers."""
        return {row["row"]: row async for _, row in self.rows(batch_id, None, range(chunk, chunk + 1))}

    def are_kept(self, committed_at: datetime) -> bool:
        """Whether every row of a batch that was committed then is there still."""
        return self.clock() - committed_at < self.kept


def _read(document: Document) -> Chunk:
    return CHUNKS.read({"schema": document.get("schema", 1), "state": document})[0]


def _number(row: Document) -> int:
    return int(row["row"])


def _ranges(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The first and last of each run of numbers without a gap; the numbers in order."""
    starts = [number for at, number in enumerate(numbers) if at == 0 or numbers[at - 1] != number - 1]
    ends = [number for at, number in enumerate(numbers) if at + 1 == len(numbers) or numbers[at + 1] != number + 1]
    return tuple(zip(starts, ends, strict=True))


def _pieces(rows: Sequence[Document]) -> list[list[Document]]:
    """The rows in order, cut so that each piece fits into a document: what was before and after may be long."""
    pieces: list[list[Document]] = [[]]
    size = 0
    for row in rows:
        bytes_of_row = size_of(row)
        if size + bytes_of_row > _PIECE_BYTES and pieces[-1]:
            pieces.append([])
            size = 0
        pieces[-1].append(row)
        size += bytes_of_row
    return pieces


def _warns(row: Document) -> bool:
    return any("message" in each for each in row.get("normalized", ()))


def _row(number: int, outcome: Outcome, columns: Mapping[str, str]) -> Document:
    """One row of the receipt; what there is nothing to say about is left out."""
    said = {
        "row": number,
        "source_id": outcome.source_id,
        "verdict": outcome.verdict,
        "field": outcome.field,
        "code": outcome.code,
        "message": outcome.message,
        "before": outcome.before,
        "after": outcome.after,
        "normalized": [each.shown(columns) for each in outcome.altered] or None,
        "at": outcome.at and outcome.at.shown(outcome.field, columns),
        "suggestions": shown_suggestions(outcome.suggestions, columns) or None,
        "also": [each.shown(columns) for each in outcome.also] or None,
    }
    return {name: value for name, value in said.items() if value is not None}
