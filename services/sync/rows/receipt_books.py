"""A receipt as a workbook that a bureau files: the counts, a line for each row, what was there before and what is there now.

That of a dry run is the 首轮数据核验单, with a place to sign. Lines are written as they come, so that the memory does not grow
with them; more than MOST_LINES no clerk reads, and they are counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from services.sync.rows.verdict_lines import CHANGES, COLUMNS, Verdict, cells_of, changes_of
from services.sync.rows.writing import cell_of

MOST_LINES = 50_000
"""Of each sheet. A list of a million rows is read as CSV."""
SUMMARY, LINES, CHANGED, WITHDRAWN = "核验结论", "逐行结论", "字段变更", "撤下的记录"
_WITHDRAWALS = ("编号", "标题")
_WIDTHS: Mapping[str, Sequence[int]] = {
    SUMMARY: (18, 60),
    LINES: (8, 20, 8, 16, 30, 60, 14, 8, 16, 60, 40),
    CHANGED: (8, 20, 18, 50, 50),
    WITHDRAWN: (20, 60),
}
_TO_SIGN = ("核验单位", "核验人", "核验日期", "盖章")
_BOLD, _HEAD = Font(bold=True), PatternFill("solid", fgColor="D9E1F2")
_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True)
class Heading:
    """What the first sheet says: facts and counts by their Chinese names. `lines` is how many each sheet would have, if nothing
    were left out; `to_sign`: with a place for name, date and seal."""

    title: str
    facts: Mapping[str, str]
    counts: Mapping[str, int]
    lines: Mapping[str, int]
    to_sign: bool


class ReceiptBook:
    """A workbook in the making: add, then save once."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._book = Workbook(write_only=True)
        self._sheets = {name: self._sheet(name) for name in (SUMMARY, LINES, CHANGED, WITHDRAWN)}
        for name, header in ((LINES, COLUMNS.values()), (CHANGED, CHANGES), (WITHDRAWN, _WITHDRAWALS)):
            self._sheets[name].append([_head(self._sheets[name], each) for each in header])
        self._written = dict.fromkeys(self._sheets, 0)

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Rows of the receipt, in order."""
        for verdict in verdicts:
            self._append(LINES, cells_of(verdict))
            for change in changes_of(verdict):
                self._append(CHANGED, change)

    def add_withdrawn(self, records: Iterable[tuple[str, str]]) -> None:
        """The ids and titles of records that the list lacks."""
        for record in records:
            self._append(WITHDRAWN, record)

    def save(self, out: IO[bytes]) -> None:
        """Writes the whole; nothing can be added afterwards."""
        self._summarize()
        self._book.save(out)

    def _sheet(self, name: str) -> Any:
        sheet = self._book.create_sheet(name)
        for at, width in enumerate(_WIDTHS[name], 1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        if name != SUMMARY:
            sheet.freeze_panes = "A2"
        return sheet

    def _append(self, name: str, cells: Sequence[object]) -> None:
        self._written[name] += 1
        if self._written[name] <= MOST_LINES:
            sheet = self._sheets[name]
            sheet.append([cell_of(sheet, each) for each in cells])

    def _summarize(self) -> None:
        heading, sheet = self._heading, self._sheets[SUMMARY]
        title = WriteOnlyCell(sheet, heading.title)
        title.font = Font(bold=True, size=16)
        sheet.append([title])
        sheet.append([])
        for name, said in heading.facts.items():
            sheet.append([_head(sheet, name), cell_of(sheet, said)])
        sheet.append([])
        sheet.append([_head(sheet, "结论"), _head(sheet, "行数")])
        for name, count in {**heading.counts, "合计": sum(heading.counts.values())}.items():
            sheet.append([name, count])
        for name, written in self._written.items():
            if (lines := max(written, heading.lines.get(name, 0))) > MOST_LINES:
                sheet.append([f"“{name}”只列出前 {MOST_LINES} 行，一共有 {lines} 行。全部内容请下载 CSV。"])
        if heading.to_sign:
            self._place_to_sign(sheet)

    def _place_to_sign(self, sheet: Any) -> None:
        sheet.append([])
        sheet.append(["以上内容已经核对，同意按此发布。"])
        for name in _TO_SIGN:
            empty = WriteOnlyCell(sheet, "")
            empty.border = _BOX
            sheet.append([_head(sheet, name), empty])


def _head(sheet: Any, said: str) -> Cell:
    cell = WriteOnlyCell(sheet, said)
    cell.font, cell.fill = _BOLD, _HEAD
    return cell
