"""The receipt of a batch: the verdicts, one document per chunk, and how far it is, in a document of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from services.sync.applying.verdicts import Outcome, added_up, counted
from shared.events.sync import VerdictCounts
from shared.mongo import Collection, Document, DuplicateKeyError, IndexModel, guarded, literal, size_of, upsert

_CHUNKS_AT_ONCE = 16
_PIECE_BYTES = 8 * 1024 * 1024


class Progress(BaseModel):
    """How far a batch is: chunks and rows with their verdicts, and the counts of these."""

    model_config = ConfigDict(frozen=True)

    chunks: int = 0
    rows: int = 0
    counts: VerdictCounts = VerdictCounts()

    def after(self, outcomes: Sequence[Outcome]) -> "Progress":
        """With one more chunk."""
        counts = added_up(self.counts, counted(outcomes))
        return Progress(chunks=self.chunks + 1, rows=self.rows + len(outcomes), counts=counts)


@dataclass(frozen=True)
class Receipts:
    """`found` of a chunk names the batch with each verdict that is in it, so that rare verdicts are found quickly."""

    chunks: Collection
    progress: Collection

    async def prepare(self) -> None:
        await self.chunks.create_indexes([IndexModel([("found", 1), ("chunk", 1)])])

    async def how_far(self, batch_id: str) -> Progress:
        """The batch's progress; nothing yet when it has not begun."""
        document = await self.progress.find_one({"_id": batch_id})
        return Progress.model_validate(document) if document else Progress()

    async def keep(self, batch_id: str, chunk: int, first_row: int, outcomes: Sequence[Outcome]) -> None:
        """Keeps the verdicts of a chunk, once: what was kept first stays."""
        rows = [_row(number, outcome) for number, outcome in enumerate(outcomes, first_row)]
        for number, piece in enumerate(_pieces(rows)):
            verdicts = sorted({row["verdict"] for row in piece})
            document = {
                "_id": f"{batch_id}/{chunk}/{number}",
                "chunk": chunk,
                "found": [f"{batch_id}/{verdict}" for verdict in ("any", *verdicts)],
                "rows": piece,
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
        """The rows with this verdict (None: all) in these chunks, in order, each with the number of its chunk."""
        found = f"{batch_id}/{verdict or 'any'}"
        for start in range(chunks.start, chunks.stop, _CHUNKS_AT_ONCE):
            window = {"$gte": start, "$lt": min(start + _CHUNKS_AT_ONCE, chunks.stop)}
            documents = await self.chunks.find({"found": found, "chunk": window}).to_list(None)
            for document in sorted(documents, key=lambda each: int(each["rows"][0]["row"])):
                for row in document["rows"]:
                    if verdict in (None, row["verdict"]):
                        yield document["chunk"], row


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


def _row(number: int, outcome: Outcome) -> Document:
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
    }
    return {name: value for name, value in said.items() if value is not None}
