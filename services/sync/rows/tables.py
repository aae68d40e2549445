"""A table as text: commas, tabs or semicolons; a title above the header, sums and notes below; rows by the names of columns."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
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


def read(text: TextIO, note: Callable[[str], None]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a text below its header; UnreadableError names the line that is not whole. `note` as in `below_header`."""
    sample = text.read(_SAMPLE)
    text.seek(0)
    delimiter = _delimiter(sample)
    return below_header(_records(text, delimiter), widest(_sampled(sample, delimiter)), note)


def below_header(
    records: Iterator[Record], widest: int, note: Callable[[str], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows by the names of their columns, each with its line. `widest` is how many cells a full record fills.

    `note` is told of lines that are no rows.
    """
    header = _header(records, widest, note)
    for line, cells in records:
        filled = [cell for cell in cells if cell.strip()]
        if not filled:
            continue
        if is_total(filled[0].strip()):
            note(f"第 {line} 行是合计行，没有推送。")
        elif len(filled) < min(3, len(header)) and is_below_the_table(filled[0].strip()):
            note(f"第 {line} 行是表格下方的说明，没有推送：{filled[0].strip()[:40]}")
        else:
            yield line, _row(line, cells, header)


def is_header(cells: Sequence[str], widest: int) -> bool:
    """Whether these cells name columns: a title above them fills one or two."""
    return sum(1 for cell in cells if cell.strip()) >= max(min(widest, 2), HEADER_SHARE * widest, 1)


def widest(records: Iterable[Sequence[str]]) -> int:
    """Cells that the fullest of these records fills."""
    return max((sum(1 for cell in cells if cell.strip()) for cells in records), default=0)


def _row(line: int, cells: list[str], header: Sequence[str]) -> dict[str, Any]:
    """By the names of the columns. A column without a name may be empty, and nothing else."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        raise UnreadableError(f"第 {line} 行有 {len(cells)} 列，表头有 {len(header)} 列。请检查该行的分隔符和引号。")
    for column, (name, cell) in enumerate(zip(header, cells, strict=True), 1):
        if not name and cell.strip():
            raise UnreadableError(f"第 {column} 列没有列名，第 {line} 行的这一列却有内容。请补上列名后重新导出。")
    return {name: cell for name, cell in zip(header, cells, strict=True) if name}


def _header(records: Iterator[Record], widest: int, note: Callable[[str], None]) -> list[str]:
    """The names of the columns; what stands above them is a title."""
    for line, cells in islice(records, _ABOVE):
        names = [" ".join(name.removeprefix("\ufeff").split()) for name in cells]
        filled = [name for name in names if name]
        if not is_header(names, widest):
            if filled:
                note(f"第 {line} 行是表头上方的标题，没有推送：{filled[0][:40]}")
            continue
        while not names[-1]:
            names.pop()
        if len(set(filled)) != len(filled):
            twice = next(name for name in filled if filled.count(name) > 1)
            raise UnreadableError(f"第 {line} 行的表头有两列都叫“{twice}”。表头的列名不能重复，请改好后重新导出。")
        return names
    raise UnreadableError("没有找到表头。表格的第一行应当是列名，请改好表头后重新导出。")


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
