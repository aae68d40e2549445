"""A small file as a city sends it, with what is to become of it; and how such files are made."""

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from shared.events.sync import Kind


@dataclass(frozen=True)
class File:
    """`verdicts` has a line per row, as `verdict.py` writes them; or `refused` holds words of the sentence that refuses the file.

    `notes` are words of what the clerk is told of lines that are no rows.
    """

    name: str
    content: bytes
    verdicts: tuple[str, ...] = ()
    refused: str = ""
    mapping: str = ""
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    kind: Kind = Kind.PLATFORM

    def is_refused_with(self, sentence: str) -> bool:
        """Whether the sentence has the words; `.*` stands for whatever is between them."""
        return bool(self.refused) and re.search(self.refused.replace("(", r"\("), sentence) is not None


def table(*rows: str, encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n") -> bytes:
    """Rows whose cells are parted by |, as a spreadsheet saves them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows(row.split("|") for row in rows)
    return out.getvalue().encode(encoding)


def as_json(value: Any) -> bytes:
    """A file of one JSON value."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def lines(*rows: str) -> bytes:
    """A file of rows of JSON."""
    return "".join(f"{row}\n" for row in rows).encode()


def one(header: str, row: str, *verdicts: str, name: str) -> File:
    """A table of a single row."""
    return File(f"{name}.csv", table(header, row), verdicts)
