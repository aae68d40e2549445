"""What becomes of a file: read as the agent reads it, judged as the platform judges its rows."""

import gzip
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from services.sync.agent.parts import Prepared, prepare
from services.sync.applying.receipts import _row
from services.sync.applying.verdicts import decide_chunk
from services.sync.intake.part_bodies import rows_of, source_ids_of
from services.sync.rows.duplicates import winners
from services.sync.rows.headers import Headers
from services.sync.rows.mapping import Mapping, load_mapping
from services.sync.rows.reading import Pushed, read_row
from services.sync.tests.builders import batch
from shared.mongo import Document
from tests.services.sync.corpus.file import File


def read(file: File, folder: Path, notes: list[str]) -> tuple[Prepared, Headers]:
    """What the agent would send of a file. UnreadableError where it is refused."""
    path, mapping = folder / file.name, Mapping()
    path.write_bytes(file.content)
    if file.mapping:
        (folder / "mapping.yaml").write_text(file.mapping, encoding="utf-8")
        mapping = load_mapping(folder / "mapping.yaml")
    headers = Headers(mapping.kind or file.kind, mapping, notes.append)
    return prepare(headers.of_file(path, file.encoding)), headers


def of_file(file: File, folder: Path, notes: list[str]) -> list[str]:
    """The verdicts on the rows of a file, a line each. UnreadableError where it is refused."""
    prepared, headers = read(file, folder, notes)
    return of_rows([gzip.decompress(part.body) for part in prepared.parts], headers)


def of_rows(bodies: Sequence[bytes], headers: Headers) -> list[str]:
    """The verdicts on the rows of these parts, as a receipt would list them."""
    return said(receipt_of(bodies, headers))


def said(rows: Iterable[Document]) -> list[str]:
    """The rows of a receipt, a line each."""
    return [" ".join(_said(each)).replace(" ;", ";") for each in rows]


def receipt_of(bodies: Sequence[bytes], headers: Headers) -> list[Document]:
    """The rows of the receipt of these parts, on a platform that has no record yet."""
    ids = itertools.chain.from_iterable(source_ids_of(part, body) for part, body in enumerate(bodies))
    rows = [row for body in bodies for row in rows_of(body)]
    pushed = batch(rows=len(rows), kind=headers.kind)
    readings = [read_row(row, Pushed(pushed.kind, pushed.coordinates, pushed.jurisdiction)) for row in rows]
    places = {row: each.at for row, each in enumerate(readings, 1)}
    outcomes = decide_chunk(pushed, 1, readings, {}, winners(ids), places)
    return [_row(number, each, headers.columns) for number, each in enumerate(outcomes, 1)]


def _said(row: Document) -> Iterator[str]:
    """`3 rejected title missing`, `4 added A1; contact.phone dropped phone_not_understood`: the line, the verdict, the rest."""
    at = row.get("at")
    yield str(at["line"] if isinstance(at, dict) else "-")
    yield str(row["verdict"])
    yield " ".join(str(row[name]) for name in ("field", "code") if name in row) or str(row["source_id"])
    altered = row.get("normalized")
    for each in altered if isinstance(altered, list) else ():
        yield f"; {each['field']} {each['rule']} {each.get('code') or each['to']}"
