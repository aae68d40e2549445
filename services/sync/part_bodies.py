"""The body of a part: inflated within its limit, checked to be NDJSON in UTF-8, its rows' ids read. Pure."""

import gzip
import io
import zlib

from services.sync import problems
from services.sync.domain import MAX_PART_BYTES
from services.sync.reading import rows_of, source_id_of
from shared.problems import TOO_LARGE, WRONG_CONTENT_TYPE, Refusal

MAX_PART_ROWS = 50_000


def inflated(body: bytes, encoding: str | None) -> bytes:
    """The bytes that were meant. 413 beyond 8 MiB, found before more than that is inflated; 400 for damaged gzip."""
    if encoding in (None, "", "identity"):
        return body
    if encoding != "gzip":
        raise Refusal(WRONG_CONTENT_TYPE, accepted="Content-Encoding: gzip")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            plain = stream.read(MAX_PART_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Refusal(problems.BAD_GZIP) from error
    if len(plain) > MAX_PART_BYTES:
        raise Refusal(TOO_LARGE, limit=f"{MAX_PART_BYTES // 1024 // 1024} MiB（解压后）")
    return plain


def source_ids_of(part: int, body: bytes) -> list[str | None]:
    """One id per row, None where a row names none. Refused when the part is empty, not UTF-8, or of too many rows."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(problems.PART_NOT_UTF8, part=part) from error
    rows = rows_of(body)
    if not rows:
        raise Refusal(problems.PART_EMPTY, part=part)
    if len(rows) > MAX_PART_ROWS:
        raise Refusal(TOO_LARGE, limit=f"{MAX_PART_ROWS} 行")
    return [source_id_of(row) for row in rows]
