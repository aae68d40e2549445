"""Rows as they are sent: a line of NDJSON each, in parts of a size that a slow line carries within half a minute."""

import json
from collections.abc import Iterable, Iterator

from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import FileRow

ROWS_A_PART = 1000
BYTES_A_PART = 1 << 20
"""Uncompressed; the platform takes 8 MiB."""
LONGITUDE = b'"longitude":'
"""A line that holds it has a place on the map, for which the coordinate system must be known."""


def lines_of(rows: Iterable[FileRow]) -> Iterator[bytes]:
    """The same rows give the same lines, byte for byte. UnreadableError for a value that JSON has not."""
    for number, row in enumerate(rows, start=1):
        try:
            text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            yield text.encode() + b"\n"
        except ValueError as error:
            raise UnreadableError(f"第 {number} 行含有无法发送的数值或文字（如 NaN）。请改正后重新推送。") from error


def in_parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each part."""
    part, size = list[bytes](), 0
    for line in lines:
        if part and (len(part) == ROWS_A_PART or size + len(line) > BYTES_A_PART):
            yield part
            part, size = [], 0
        part.append(line)
        size += len(line)
    if part:
        yield part
