"""The clerk's own workbook with its faults marked: made by a child process, for it opens the file once more."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from services.sync import problems
from services.sync.applying.queries import receipt_of
from services.sync.applying.receipts import WARNED, Receipts
from services.sync.uploads.child import MARK
from services.sync.uploads.commands import Uploads, ready
from services.sync.uploads.orders import MARKED, ORDER, VERDICTS, Name
from services.sync.uploads.reading import refusal_of
from services.sync.uploads.running import Stopped, run
from shared.access.checking import Caller
from shared.mongo import Document
from shared.values.problems import Refusal

WORKBOOK = ".xlsx"
_SPOKEN_OF = ("rejected", "duplicate", WARNED)
"""The verdicts of which something is said in the workbook."""


@dataclass(frozen=True)
class Marking:
    """Marks the workbooks of uploads."""

    uploads: Uploads
    receipts: Receipts

    async def marked(self, caller: Caller, batch_id: str, folder: Path) -> Path:
        """Where the marked workbook lies in the folder. Refused for what was no workbook, and before its receipt is whole."""
        batch = await receipt_of(self.uploads.intake, self.receipts, "sync.show-annotated", caller, batch_id)
        if batch.file is None:
            raise Refusal(problems.NOT_UPLOADED)
        if not batch.file.name.lower().endswith(WORKBOOK):
            raise Refusal(problems.NO_WORKBOOK)
        if batch.state not in ("applied", "verified", "failed"):
            raise Refusal(problems.BATCH_UNFINISHED)
        await self.uploads.kept.write(batch, ready(folder, batch.file))
        with (folder / VERDICTS).open("wb") as lines:
            async for row in self._rows(batch.id):
                lines.write(orjson.dumps(row) + b"\n")
        (folder / ORDER).write_text(Name(name=batch.file.name).model_dump_json(), encoding="utf-8")
        try:
            async with self.uploads.turn(batch.jurisdiction):
                report = await run(MARK, folder, self.uploads.limits)
        except Stopped as stopped:
            raise Refusal(problems.MARKING_STOPPED, reason=stopped) from stopped
        if report.refused is not None:
            raise refusal_of(report)
        return folder / MARKED

    async def _rows(self, batch_id: str) -> AsyncIterator[Document]:
        chunks = range((await self.receipts.how_far(batch_id)).chunks)
        for verdict in _SPOKEN_OF:
            async for _, row in self.receipts.rows(batch_id, verdict, chunks):
                yield row
