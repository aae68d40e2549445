"""An uploaded file as rows: found by a child process, counted, hashed and cut into parts here."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.sync import problems
from services.sync.intake.batch import MAX_ROWS
from services.sync.rows.errors import TooLargeError, UnclearEncodingError, UnsafeXmlError, WrongTypeError
from services.sync.rows.sent import LONGITUDE, in_parts
from services.sync.uploads.child import LONGEST_LINE, READ
from services.sync.uploads.orders import ORDER, ROWS, Order, Report
from services.sync.uploads.running import Limits, Stopped, nonsense, run
from services.sync.wire import CoordinateSystem
from shared.values.problems import Problem, Refusal

_REFUSALS: Mapping[str, Problem] = {
    TooLargeError.code: problems.FILE_TOO_LARGE,
    WrongTypeError.code: problems.FILE_TYPE_NOT_ACCEPTED,
    UnsafeXmlError.code: problems.UNSAFE_XML,
    UnclearEncodingError.code: problems.ENCODING_UNCLEAR,
}
"""What is wrong with a file → the problem. Everything else is FILE_UNREADABLE."""


@dataclass(frozen=True)
class Read:
    """The rows of a file, in `folder`. `sha256` is of all of them; `located` says that some row has coordinates."""

    folder: Path
    rows: int
    sha256: str
    located: bool
    columns: Mapping[str, str]
    notes: tuple[str, ...]
    coordinates: CoordinateSystem | None

    async def parts(self) -> AsyncIterator[bytes]:
        """The rows as parts of a batch, in order."""
        parts = in_parts(_lines(self.folder / ROWS))
        while (lines := await asyncio.to_thread(next, parts, None)) is not None:
            yield b"".join(lines)


async def read(order: Order, folder: Path, limits: Limits) -> Read:
    """What the file in the folder holds. Refused where it cannot be taken, or takes more than the limits."""
    (folder / ORDER).write_text(order.model_dump_json(), encoding="utf-8")
    try:
        report = await run(READ, folder, limits)
        if report.refused is None:
            return await asyncio.to_thread(_counted, folder, report)
    except Stopped as stopped:
        raise Refusal(problems.READING_STOPPED, reason=stopped) from stopped
    raise refusal_of(report)


def refusal_of(report: Report) -> Refusal:
    """What the child refused, with its code."""
    return Refusal(_REFUSALS.get(report.code, problems.FILE_UNREADABLE), reason=report.refused)


def _counted(folder: Path, report: Report) -> Read:
    digest, rows, located = hashlib.sha256(), 0, False
    for line in _lines(folder / ROWS):
        digest.update(line)
        rows += 1
        located = located or LONGITUDE in line
    if rows > MAX_ROWS:
        raise Refusal(problems.FILE_TOO_LARGE, reason=f"文件有 {rows:,} 行，一批至多 {MAX_ROWS:,} 行。请分成几个文件。")
    return Read(folder, rows, digest.hexdigest(), located, report.columns, report.notes, report.coordinates)


def _lines(file: Path) -> Iterator[bytes]:
    """The lines that the child wrote, none longer than it may write."""
    with file.open("rb") as rows:
        while line := rows.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise nonsense()
            yield line
