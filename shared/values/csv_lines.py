"""Lines of CSV files that people open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a CSV file for UTF-8 only where it begins with this."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_line(cells: Iterable[object]) -> str:
    """One line. None is an empty cell; one that a spreadsheet would take for a formula is marked as text by an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerow([_as_text("" if cell is None else str(cell)) for cell in cells])
    return out.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
