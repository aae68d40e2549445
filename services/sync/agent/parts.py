"""Rows made ready for the wire: numbered parts of NDJSON, gzipped, and the digest over all of them."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from services.sync.rows.files import FileRow
from services.sync.rows.sent import LONGITUDE, in_parts, lines_of


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
    for number, lines in enumerate(in_parts(lines_of(rows))):
        body = b"".join(lines)
        digest.update(body)
        located = located or LONGITUDE in body
        parts.append(Part(number, len(lines), gzip.compress(body, compresslevel=6, mtime=0)))
    return Prepared(tuple(parts), sum(part.rows for part in parts), digest.hexdigest(), located)
