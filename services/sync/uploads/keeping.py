"""Uploaded files are kept sealed (AES-256-GCM): they hold telephone numbers, for longer than the rows that are made of them."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from services.sync import problems
from services.sync.intake.batch import Batch
from services.sync.intake.files import Files
from shared.secrets import Sealer
from shared.values.problems import Refusal

KEY = "uploads"
"""The name of the key."""
_PIECE = 4 << 20
"""Bytes, of the 16 MiB that a document may have."""


@dataclass(frozen=True)
class KeptFiles:
    """Seals each piece for its place: nothing opens as another piece or as another batch's."""

    files: Files
    sealer: Sealer

    async def keep(self, batch_id: str, file: Path) -> None:
        """Keeps the file. Again: what was kept first stays."""
        with file.open("rb") as pieces:
            number = 0
            while piece := await asyncio.to_thread(pieces.read, _PIECE):
                await self.files.put(batch_id, number, self.sealer.seal(piece, _context(batch_id, number)))
                number += 1

    async def write(self, batch: Batch, file: Path) -> None:
        """Writes the batch's file to `file`. Refused where there was none, or it is no longer kept."""
        if batch.file is None:
            raise Refusal(problems.NOT_UPLOADED)
        with file.open("xb") as copy:
            async for number, sealed in self.files.pieces(batch.id):
                await asyncio.to_thread(copy.write, self.sealer.open(sealed, _context(batch.id, number)))
            if copy.tell() != batch.file.size:
                raise Refusal(problems.FILE_GONE)


def _context(batch_id: str, piece: int) -> str:
    return f"upload/{batch_id}/{piece}"
