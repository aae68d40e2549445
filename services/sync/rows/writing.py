"""What is written into workbooks for people: a cell is a number or text, and no text is a formula."""

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE

from shared.values.csv_lines import as_text

_LONGEST = 32_767
"""Characters that a cell of Excel may have."""


def text(value: object) -> str:
    """The value as a cell may hold it: without what XML forbids, marked as text where it would be a formula."""
    return as_text(ILLEGAL_CHARACTERS_RE.sub("", str(value)))[:_LONGEST]


def cell_of(sheet: Any, value: object) -> object:
    """What to append to a write-only sheet: counts stay numbers, everything else is text, also what looks like an error."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    said = text(value)
    if said not in ERROR_CODES:
        return said
    cell = WriteOnlyCell(sheet, said)
    cell.data_type = "s"
    return cell
