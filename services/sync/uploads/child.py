"""The child process for one file of a stranger: `python -m services.sync.uploads.child WORK FOLDER MEMORY SECONDS BYTES`.

It works with the same code as `huning-agent`, writes what it made and a report into the folder, and imports nothing that
knows of the platform's database, its keys or its network.
"""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from services.sync.rows.errors import TooLargeError, UnreadableError
from services.sync.rows.headers import Headers
from services.sync.rows.mapping import Mapping, load_mapping
from services.sync.rows.sent import lines_of
from services.sync.uploads.confined import confine
from services.sync.uploads.orders import (
    LONGEST_NOTE,
    MARKED,
    MOST_NOTES,
    ORDER,
    REPORT,
    ROWS,
    SENT,
    VERDICTS,
    Name,
    Order,
    Report,
)

READ, MARK = "read", "mark"
"""Its works: a file into rows; a workbook with its faults marked."""

OUT_OF_MEMORY = 3
"""How it ends where the memory that it may use is used up, if it can still say so."""
_MAPPING = Path("mapping.yaml")
LONGEST_LINE = 1 << 20
"""Bytes; the platform takes rows of 64 KiB, and says of longer ones which they are."""


def main() -> None:
    """The folder is where it works; the numbers are its limits (confined.py)."""
    work, folder, memory, seconds, file_bytes = sys.argv[1:]
    os.chdir(folder)
    confine(int(memory), int(seconds), int(file_bytes))
    try:
        report = _WORKS[work](Path(ORDER).read_bytes())
    except UnreadableError as error:
        report = Report(refused=str(error), code=error.code)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # tidying up takes memory as well
    Path(REPORT).write_text(report.model_dump_json(), encoding="utf-8")


def _read(order_: bytes) -> Report:
    order = Order.model_validate_json(order_)
    notes: list[str] = []

    def note(text: str) -> None:
        if len(notes) < MOST_NOTES:
            notes.append(text[:LONGEST_NOTE])

    mapping = Mapping()
    if order.mapping is not None:
        _MAPPING.write_text(order.mapping, encoding="utf-8")
        mapping = load_mapping(_MAPPING)
    headers = Headers(order.kind, mapping, note)
    _write(lines_of(headers.of_file(Path(SENT) / order.name, order.encoding)))
    return Report(columns=headers.columns, notes=tuple(notes), coordinates=order.coordinates or mapping.coordinates)


def _write(lines: Iterator[bytes]) -> None:
    """All of them, into the file of rows. Cells that are merged over thousands of rows make much of a small file."""
    try:
        with Path(ROWS).open("wb") as rows:
            for number, line in enumerate(lines, start=1):
                if len(line) > LONGEST_LINE:
                    raise TooLargeError(f"第 {number} 行过长，超过 {LONGEST_LINE >> 20} MiB。请检查该行的引号和换行。")
                rows.write(line)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise TooLargeError("文件里的内容展开后过大。请分成几个文件，或改用 huning-agent 推送。") from error


def _mark(name: bytes) -> Report:
    from services.sync.rows.annotating import annotate  # openpyxl takes as long to import as all the rest

    file = Path(SENT) / Name.model_validate_json(name).name
    with Path(VERDICTS).open("rb") as lines:
        Path(MARKED).write_bytes(annotate(file.read_bytes(), map(json.loads, lines)))
    return Report()


_WORKS: dict[str, Callable[[bytes], Report]] = {READ: _read, MARK: _mark}


if __name__ == "__main__":
    main()
