"""The clerk's own workbook, given back with what is wrong in it: each bad cell coloured, with a comment that says what to do.

openpyxl loads and saves it. That loses pictures, drawings, and what came of formulas until Excel computes them anew as it opens
the file (decision 58). Values, formulas, styles, widths, merged cells, filters, drop-downs and sheets stay.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from services.sync.rows.errors import UnreadableError
from services.sync.rows.verdict_lines import Verdict
from services.sync.rows.workbooks import read_from
from services.sync.rows.writing import text

_AUTHOR = "核验"
_REJECTED, _WARNED, _DUPLICATE = "拒收", "提醒", "重复"
_COLOURS = {_REJECTED: "FFC7CE", _WARNED: "FFEB9C", _DUPLICATE: "DDEBF7"}
"""As Excel paints what is bad and what is neutral."""
_STYLES = "xl/styles.xml"
_EMPTY_FILL = re.compile(rb"<(\w+:)?fill\s*(?:/>|></(?:\w+:)?fill>)")
_WIDTH, _LINE_HEIGHT, _CHARACTERS_A_LINE = 320, 20, 22
"""Of a comment's box, in pixels and Chinese characters."""


@dataclass(frozen=True)
class _Remark:
    """What to write at a cell. Without a column it is about the row, and stands in its first cell."""

    sheet: str
    line: int
    column: str | None
    sort: str
    said: str


def annotate(workbook: bytes, verdicts: Iterable[Verdict]) -> bytes:
    """The workbook with a mark on every cell that a verdict speaks of: rows that were rejected, values that were left out or look
    wrong, rows that come twice; with what to write instead, where there is one right value.

    Verdicts on rows of no sheet mark nothing. UnreadableError where the bytes are no workbook that may be read.
    """
    headers = _headers(workbook)
    book = _loaded(workbook)
    for verdict in verdicts:
        for remark in _remarks(verdict):
            if remark.sheet in headers:
                _mark(_cell(book[remark.sheet], headers[remark.sheet], remark), remark)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _loaded(workbook: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # in English, of styles that are not there
            return load_workbook(_with_whole_fills(workbook), rich_text=True)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:  # whatever it stumbles over
        raise UnreadableError(
            "这个工作簿写得不合规范，不能批注。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
        ) from error


def _with_whole_fills(workbook: bytes) -> io.BytesIO:
    """Some programs write an empty fill, which Excel takes for none and openpyxl not at all."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        if _STYLES not in archive.namelist() or not _EMPTY_FILL.search(styles := archive.read(_STYLES)):
            return io.BytesIO(workbook)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as mended:
            for entry in archive.infolist():
                whole = _EMPTY_FILL.sub(rb"<\1fill><\1patternFill/></\1fill>", styles)
                mended.writestr(entry, whole if entry.filename == _STYLES else archive.read(entry))
        return out


def _headers(workbook: bytes) -> dict[str, tuple[str, ...]]:
    """The names of the columns of each sheet, from its first column on, as the rows were read by them."""
    headers: dict[str, tuple[str, ...]] = {}
    for at, row in read_from(io.BytesIO(workbook), "工作簿", lambda _: None):
        headers.setdefault(at.sheet or "", row.header)
    return headers


def _remarks(verdict: Verdict) -> Iterator[_Remark]:
    at = verdict.get("at")
    if not at or not at.get("sheet"):
        return
    sort = {"rejected": _REJECTED, "duplicate": _DUPLICATE}.get(verdict["verdict"])
    faults = [(sort, {**verdict, "column": at.get("column")})] if sort else []
    faults += [(_REJECTED, each) for each in verdict.get("also") or ()]
    faults += [(_WARNED, each) for each in verdict.get("normalized") or () if each.get("message")]
    for sort_, fault in faults:
        columns = {fault.get("column"): ""}
        if other := fault.get("beside"):
            columns[other["column"]] = ""
        for each in fault.get("suggestions") or ():
            columns[each["column"]] = f"建议改为：{each['value']}"
        for column, suggestion in columns.items():
            said = "\n".join(filter(None, (f"{sort_}：{fault['message']}", suggestion)))
            yield _Remark(at["sheet"], at["line"], column, sort_, said)


def _cell(sheet: Worksheet, header: tuple[str, ...], remark: _Remark) -> Cell:
    """The cell that is meant; of merged cells the one that holds the value."""
    named = remark.column if remark.column in header else next(filter(None, header))
    cell = sheet.cell(remark.line, header.index(named) + 1)
    if isinstance(cell, MergedCell):
        whole = next(each for each in sheet.merged_cells.ranges if cell.coordinate in each)
        cell = sheet.cell(whole.min_row, whole.min_col)
    assert isinstance(cell, Cell)
    return cell


def _mark(cell: Cell, remark: _Remark) -> None:
    """A colour and a comment, below what others have said there."""
    earlier = cell.comment.text if cell.comment else ""
    if remark.said in earlier:
        return
    said = text(f"{earlier}\n{remark.said}" if earlier else remark.said)
    lines = sum(1 + len(line) // _CHARACTERS_A_LINE for line in said.split("\n"))
    cell.comment = Comment(said, _AUTHOR, width=_WIDTH, height=_LINE_HEIGHT * (lines + 1))
    cell.fill = PatternFill("solid", fgColor=_COLOURS[remark.sort])
