"""Rows made ready for the wire: numbered parts of NDJSON, gzipped, and the digest over all of them."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.sync.agent.errors import AgentError
from services.sync.rows.files import FileRow

ROWS_A_PART = 1000
BYTES_A_PART = 1 << 20
"""Uncompressed; the platform takes 8 MiB. A slow line (64 kbit/s) sends such a part within half a minute."""


@dataclass(frozen=True)
class Part:
    """One upload. `body` is gzip of `rows` lines of JSON."""

    number: int
    rows: int
    body: bytes


@dataclass(frozen=True)
class Prepared:
    """A whole push. `sha256` is of all uncompressed parts in order; `located` says that some row has coordinates."""

    parts: tuple[Part, ...]
    rows: int
    sha256: str
    located: bool


def prepare(rows: Iterable[FileRow]) -> Prepared:
    """The same rows give the same parts, byte for byte, so that an interrupted push can go on."""
    digest, parts, located = hashlib.sha256(), list[Part](), False
    for number, lines in enumerate(_grouped(rows)):
        body = b"".join(lines)
        digest.update(body)
        located = located or b'"longitude":' in body
        parts.append(Part(number, len(lines), gzip.compress(body, compresslevel=6, mtime=0)))
    return Prepared(tuple(parts), sum(part.rows for part in parts), digest.hexdigest(), located)


def _grouped(rows: Iterable[FileRow]) -> Iterator[list[bytes]]:
    lines, size = list[bytes](), 0
    for number, row in enumerate(rows, start=1):
        line = _line(number, row)
        if lines and (len(lines) == ROWS_A_PART or size + len(line) > BYTES_A_PART):
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield lines


def _line(number: int, row: FileRow) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    except ValueError as error:
        raise AgentError(f"第 {number} 行含有无法发送的数值或文字（如 NaN）。请改正后重新推送。") from error
