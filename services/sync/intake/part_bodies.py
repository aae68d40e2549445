"""The body of a part: inflated within its limit, its rows as UTF-8, their ids.

A part is kept as it was sent, since the batch's digest is of those bytes; its rows are read anew each time.
"""

import codecs
import hashlib
import io
import zlib
from dataclasses import dataclass

from services.sync import problems
from services.sync.intake.batch import MAX_PART_BYTES, PartHead
from services.sync.rows.encodings import (
    GB18030_MARK,
    UTF_8,
    by_lines,
    encoding_of,
    is_surely_utf_8,
)
from services.sync.rows.errors import UnclearEncodingError
from services.sync.rows.reading import source_id_of
from shared.values.problems import TOO_LARGE, WRONG_CONTENT_TYPE, Refusal

MAX_PART_ROWS = 50_000
_GZIP = zlib.MAX_WBITS | 16
"""How zlib calls a gzip header."""


@dataclass(frozen=True)
class OpenedPart:
    """A part as it is kept: its head, its bytes, and one id per row, None where a row names none."""

    head: PartHead
    body: bytes
    source_ids: list[str | None]


def opened(part: int, body: bytes, encoding: str | None) -> OpenedPart:
    """The part that was sent. It takes some 100 ms of CPU for 8 MiB: call it in a thread."""
    plain = inflated(body, encoding)
    ids = source_ids_of(part, plain)
    return OpenedPart(PartHead(part=part, rows=len(ids), sha256=hashlib.sha256(plain).hexdigest()), plain, ids)


def inflated(body: bytes, encoding: str | None) -> bytes:
    """The bytes that were meant. 413 beyond 8 MiB, found before more than that is inflated; 400 for damaged gzip."""
    if encoding in (None, "", "identity"):
        return body
    if encoding != "gzip":
        raise Refusal(WRONG_CONTENT_TYPE, accepted="gzip")
    inflating = zlib.decompressobj(_GZIP)
    try:
        plain = inflating.decompress(body, MAX_PART_BYTES + 1)
    except zlib.error as error:
        raise Refusal(problems.BAD_GZIP) from error
    if len(plain) > MAX_PART_BYTES:
        raise Refusal(TOO_LARGE, limit=f"{MAX_PART_BYTES // 1024 // 1024} MiB（解压后）")
    if not inflating.eof:
        raise Refusal(problems.BAD_GZIP)
    if inflating.unused_data:  # each further piece would cost as much as a first one, however little it holds
        raise Refusal(problems.SEVERAL_GZIP_MEMBERS)
    return plain


def rows_of(body: bytes) -> list[bytes]:
    """The lines that are rows, in UTF-8: a BOM and blank lines are none. UnclearEncodingError where nobody can tell which."""
    return [line for line in _as_utf8(body).split(b"\n") if line.strip()]


def source_ids_of(part: int, body: bytes) -> list[str | None]:
    """One id per row, None where a row names none. Refused when the part is empty, unreadable, or of too many rows."""
    try:
        rows = rows_of(body)
    except UnclearEncodingError as error:
        raise Refusal(problems.PART_ENCODING_UNKNOWN, part=part, reason=str(error)) from error
    if not rows:
        raise Refusal(problems.PART_EMPTY, part=part)
    if len(rows) > MAX_PART_ROWS:
        raise Refusal(TOO_LARGE, limit=f"{MAX_PART_ROWS} 行")
    return [source_id_of(row) for row in rows]


def _as_utf8(body: bytes) -> bytes:
    """UTF-8 or GB18030, of which GBK is a part, by which of them it reads as Chinese. A BOM leaves no choice."""
    if is_surely_utf_8(body):
        return body.removeprefix(codecs.BOM_UTF8)
    marked = body.startswith((codecs.BOM_UTF8, GB18030_MARK))
    encoding = encoding_of(io.BytesIO(body)) if marked else by_lines(body.split(b"\n"))
    return body if encoding == UTF_8 else body.decode(encoding).removeprefix("\ufeff").encode()
