"""Lines of CSV files that people open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a CSV file for UTF-8 only where it begins with this."""
_FORMULA = re.compile("[\ufeff\u200b-\u200f\u2060 \u3000\n]*[=+\\-@\t\r＝＋－＠]")
"""What some program would take for the beginning of a formula: full-width signs, and signs after what nobody sees, too."""


def csv_line(cells: Iterable[object]) -> str:
    """One line. None is an empty cell; one that a spreadsheet would take for a formula is marked as text by an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerow(["" if cell is None else as_text(str(cell)) for cell in cells])
    return out.getvalue()


def as_text(cell: str) -> str:
    """The cell, marked by an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
