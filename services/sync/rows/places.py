"""Where a row stands in the city's own file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARK = "_at"
"""The field of a row on the wire that says so; it is no part of the record."""
_LONGEST_NAME = 100


@dataclass(frozen=True)
class At:
    """The line counts from 1, as the program shows it with which the file is opened; the sheet is that of a workbook."""

    line: int
    sheet: str | None = None

    def on_the_wire(self) -> dict[str, Any]:
        """As it stands in the row."""
        return {"line": self.line} if self.sheet is None else {"line": self.line, "sheet": self.sheet}

    def shown(self, field: str | None, columns: Mapping[str, str]) -> dict[str, Any]:
        """As a verdict about this field shows it; `columns` is what the file itself calls the fields."""
        return {"sheet": self.sheet, "line": self.line, "column": column_of(field, columns)}


def column_of(field: str | None, columns: Mapping[str, str]) -> str | None:
    """What the file calls the field. The column of `industry[1]` is that of `industry`."""
    return columns.get((field or "").partition("[")[0])


def read_at(value: object) -> At | None:
    """What a row says of its place. It helps whoever looks for the row and decides nothing: what is no place is none."""
    if not isinstance(value, dict):
        return None
    line, sheet = value.get("line"), value.get("sheet")
    if isinstance(line, bool) or not isinstance(line, int) or line < 1:
        return None
    return At(line, sheet[:_LONGEST_NAME] if isinstance(sheet, str) and sheet else None)
