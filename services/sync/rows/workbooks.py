"""An Excel workbook (.xlsx): the rows of its visible sheets. Values as Excel shows them, merged cells as people read them.

calamine reads the values: it counts the cells that are there, where others believe what a file says of its size. It leaves out
cells that hold an error; those are put back, or a failed formula would pass for an empty cell.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from services.sync.rows import tables
from services.sync.rows.archives import Errors, error_cells, opened
from services.sync.rows.errors import UnreadableError
from services.sync.rows.places import At

_EXACT = 10**15
"""Excel keeps 15 digits; of a longer number the rest are zeros, whatever was typed."""

EXPLANATION = "填写说明"
"""A sheet of this name explains a list and is none."""

Note = Callable[[str], None]
Merges = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""(first row, first column), (last row, last column), from 0."""


def read(path: Path, note: Note) -> Iterator[tuple[At, tables.Row]]:
    """The rows of every sheet that is a list, each with its place. UnreadableError for what is none, or a danger."""
    with path.open("rb") as book:
        yield from read_from(book, path.name, note)


def read_from(book: IO[bytes], name: str, note: Note) -> Iterator[tuple[At, tables.Row]]:
    """The same of a workbook that is no file; `name` is what people call it."""
    with opened(book, name) as archive:
        errors = error_cells(archive)
    book.seek(0)
    try:
        workbook = load_workbook(book)
    except CalamineError as error:
        raise UnreadableError(f"{name} 不是完整的 Excel 工作簿。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。") from error
    with workbook:
        for sheet in _sheets(workbook, note):
            yield from _rows(sheet, errors.get(sheet.name, {}), note)


def _sheets(workbook: CalamineWorkbook, note: Note) -> Iterator[CalamineSheet]:
    """Those that hold lists. A sheet of one column beside others is an explanation."""
    shown = []
    for each in workbook.sheets_metadata:
        if each.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(each.name)
        if sheet.start is None:
            continue
        if each.name == EXPLANATION:
            note(f"工作表“{each.name}”没有读取。")
        elif each.visible is SheetVisibleEnum.Visible:
            shown.append(sheet)
        else:
            note(f"工作表“{each.name}”是隐藏的，没有读取。")
    several = any(sheet.width > 1 for sheet in shown)
    for sheet in shown:
        if several and sheet.width == 1:
            note(f"工作表“{sheet.name}”只有一列，不是清单，没有读取。")
        else:
            yield sheet


def _rows(sheet: CalamineSheet, errors: Errors, note: Note) -> Iterator[tuple[At, tables.Row]]:
    merges = sheet.merged_cell_ranges or ()
    rows = _cells(sheet, errors)
    top = list(islice(rows, tables.LOOKED_AT))
    _spread(top, merges)
    widest = tables.widest(top)
    records = _one_header(enumerate(_filled_down(chain(top, rows), merges), 1), merges, widest)
    try:
        for row in tables.below_header(records, widest, lambda text: note(f"工作表“{sheet.name}”{text}")):
            yield At(row.line, sheet.name), row
    except UnreadableError as error:
        raise UnreadableError(f"工作表“{sheet.name}”：{error}") from error


def _cells(sheet: CalamineSheet, errors: Errors) -> Iterator[list[str]]:
    """The sheet from its first row and column on, all values as text."""
    empty = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows()):
        cells = [*empty, *map(_text, row)]
        for column, shown in errors.get(number, {}).items():
            if column < len(cells):
                cells[column] = shown
        yield cells


def _text(value: object) -> str:
    """What Excel shows in a cell wide enough; a number of more digits than it keeps as it shows it in a narrow one."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _spread(rows: list[list[str]], merges: Merges) -> None:
    """Writes what a merged cell above the columns says into all of them. One that spans the sheet is its title, and stays."""
    widest = tables.widest(rows)
    for (first, left), (_, right) in merges:
        if first < len(rows) and left < right < len(rows[first]) and right - left + 1 < tables.HEADER_SHARE * widest:
            rows[first][left : right + 1] = [rows[first][left]] * (right - left + 1)


def _one_header(
    records: Iterator[tuple[int, list[str]]], merges: Merges, widest: int
) -> Iterator[tuple[int, list[str]]]:
    """The records, a header of two rows as one: 联系人 above 姓名 and 电话 is 联系人.姓名 and 联系人.电话."""
    for line, cells in records:
        if not tables.is_header(cells, widest):
            yield line, cells
            continue
        groups = [(left, right) for (first, left), (_, right) in merges if first == line - 1 and left < right]
        if groups:
            line, below = next(records, (line, []))
            cells = _joined(cells, below, groups)
        yield line, cells
        break
    yield from records


def _joined(above: list[str], below: list[str], groups: Sequence[tuple[int, int]]) -> list[str]:
    names = [name or (below[at] if at < len(below) else "") for at, name in enumerate(above)]
    for left, right in groups:
        for at in range(left, min(right + 1, len(names))):
            under = below[at].strip() if at < len(below) else ""
            names[at] = f"{above[left].strip()}.{under}" if under else above[left] if at == left else ""
    return names


def _filled_down(rows: Iterator[list[str]], merges: Merges) -> Iterator[list[str]]:
    """What stands in the first of cells that are merged downwards stands in all of them."""
    begin: dict[int, list[tuple[int, int]]] = {}
    for (first, left), (last, _) in merges:
        if last > first:
            begin.setdefault(first, []).append((left, last))
    standing: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(rows):
        for column, (last, text) in list(standing.items()):
            if number > last:
                del standing[column]
            elif column < len(cells) and not cells[column]:
                cells[column] = text
        for column, last in begin.get(number, ()):
            if column < len(cells):
                standing[column] = last, cells[column]
        yield cells
