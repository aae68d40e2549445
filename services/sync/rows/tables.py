"""A table as text: commas, tabs or semicolons; a title above the header, sums and notes below; rows by the names of columns."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TextIO

from services.sync.rows.errors import UnreadableError
from services.sync.rows.totals import is_below_the_table, is_total

_DELIMITERS = (",", "\t", ";", "；", "|", "，")
_SAMPLE = 1 << 18
LOOKED_AT = 50
"""Records at the start of a file from which its shape is seen."""
_ABOVE = 10
"""Lines at most that may stand above the header."""
HEADER_SHARE = 0.6
"""A header names most of its columns; a title fills a cell or two."""

csv.field_size_limit(2**31 - 1)  # a long on Windows; how long a cell may be is for the platform to say, row by row

Record = tuple[int, list[str]]
"""The line where it begins, and its cells."""
Note = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """The cells of a line by the names of their columns. `header` has a name for each column, empty where it has none."""

    line: int
    values: dict[str, Any]
    header: tuple[str, ...]


def read(text: TextIO, note: Note) -> Iterator[Row]:
    """The rows of a text below its header; UnreadableError names the line that is not whole. `note` as in `below_header`."""
    sample = text.read(_SAMPLE)
    text.seek(0)
    delimiter = _delimiter(sample)
    return below_header(_records(text, delimiter), widest(_sampled(sample, delimiter)), note)


def below_header(records: Iterator[Record], widest: int, note: Note) -> Iterator[Row]:
    """The rows by the names of their columns. `widest` is how many cells a full record fills.

    `note` is told of lines that are no rows.
    """
    header, records = _header(records, widest, note)
    for line, cells in records:
        filled = [cell for cell in cells if cell.strip()]
        if not filled:
            continue
        if is_total(filled[0].strip()):
            note(f"第 {line} 行是合计行，没有推送。")
        elif len(filled) < min(3, len(header)) and is_below_the_table(filled[0].strip()):
            note(f"第 {line} 行是表格下方的说明，没有推送：{filled[0].strip()[:40]}")
        else:
            yield Row(line, _values(line, cells, header), header)


def is_header(cells: Sequence[str], widest: int) -> bool:
    """Whether these cells name columns: a title above them fills one or two."""
    return sum(1 for cell in cells if cell.strip()) >= max(min(widest, 2), HEADER_SHARE * widest, 1)


def widest(records: Iterable[Sequence[str]]) -> int:
    """Cells that the fullest of these records fills."""
    return max((sum(1 for cell in cells if cell.strip()) for cells in records), default=0)


def _values(line: int, cells: list[str], header: Sequence[str]) -> dict[str, Any]:
    """By the names of the columns. A column without a name may be empty, and nothing else."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        raise UnreadableError(f"第 {line} 行有 {len(cells)} 列，表头有 {len(header)} 列。请检查该行的分隔符和引号。")
    for column, (name, cell) in enumerate(zip(header, cells, strict=True), 1):
        if not name and cell.strip():
            raise UnreadableError(f"第 {column} 列没有列名，第 {line} 行的这一列却有内容。请补上列名后重新导出。")
    return {name: cell for name, cell in zip(header, cells, strict=True) if name}


def _header(records: Iterator[Record], widest: int, note: Note) -> tuple[tuple[str, ...], Iterator[Record]]:
    """The names of the columns, and the records below them; what stands above is a title."""
    top = list(islice(records, _ABOVE + 1))
    for at, (line, cells) in enumerate(top[:_ABOVE]):
        names, below = _names(cells), _names(top[at + 1][1]) if at + 1 < len(top) else []
        joined = _joined(names, below)
        if is_header(joined or names, widest):
            return _distinct(line, joined or names), chain(top[at + 1 + bool(joined) :], records)
        if filled := [name for name in names if name]:
            note(f"第 {line} 行是表头上方的标题，没有推送：{filled[0][:40]}")
    raise UnreadableError("没有找到表头。表格的第一行应当是列名，请改好表头后重新导出。")


def _names(cells: Sequence[str]) -> list[str]:
    return [" ".join(name.removeprefix("\ufeff").split()) for name in cells]


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str] | None:
    """A header of two rows as one: 联系人 above 姓名 and 电话 is 联系人.姓名 and 联系人.电话.

    None where the lower row is none: it has names below each column of a group, and nothing else. A group is a name with
    nameless columns after it; one over all columns is a title.
    """
    names, group, divided = list(above), "", 0
    for at, under in enumerate(below[: len(names)]):
        gap_follows = at + 1 < len(names) and not names[at + 1] and at + 1 < len(below) and bool(below[at + 1])
        group = above[at] if above[at] else group
        grouped = bool(group) and (gap_follows if above[at] else bool(under))
        if bool(under) != grouped:
            return None
        if grouped:
            names[at], divided = f"{group}.{under}", divided + 1
    return names if 0 < divided < len([name for name in names if name]) else None


def _distinct(line: int, names: list[str]) -> tuple[str, ...]:
    while not names[-1]:
        names.pop()
    filled = [name for name in names if name]
    if len(set(filled)) != len(filled):
        twice = next(name for name in filled if filled.count(name) > 1)
        raise UnreadableError(f"第 {line} 行的表头有两列都叫“{twice}”。表头的列名不能重复，请改好后重新导出。")
    return tuple(names)


def _delimiter(sample: str) -> str:
    """What parts the cells: by which most records have the same number of them. A comma, where nothing speaks for another."""
    return max(_DELIMITERS, key=lambda each: _agreement(sample, each))


def _agreement(sample: str, delimiter: str) -> tuple[float, int]:
    widths = [len(cells) for cells in _sampled(sample, delimiter) if any(cell.strip() for cell in cells)]
    if not widths:
        return 0.0, 0
    width, records = Counter(widths).most_common(1)[0]
    return (round(records / len(widths), 1), width) if width > 1 else (0.0, 0)


def _sampled(sample: str, delimiter: str) -> list[list[str]]:
    lines = sample.splitlines(keepends=True)
    whole = lines if len(sample) < _SAMPLE else lines[:-1]
    return list(islice(csv.reader(whole, delimiter=delimiter), LOOKED_AT))


def _records(text: TextIO, delimiter: str) -> Iterator[Record]:
    """Each record with its line: a quoted cell may hold line breaks, an open quote the rest of the file."""
    lines = csv.reader(text, strict=True, delimiter=delimiter)
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error as error:
            raise UnreadableError(
                f"从第 {line} 行起不是完整的 CSV：引号没有成对，或者右引号后面还有文字。请检查该行的引号后重新导出。"
            ) from error
        if cells is None:
            return
        yield line, cells
