"""A city's file, read as it came: `.json` (a list), `.ndjson`, `.csv`; UTF-8 (BOM or not), UTF-16, GBK/GB18030."""

import codecs
import csv
import json
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from services.sync.rows.errors import UnreadableError, reason

FileRow = dict[str, Any]

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHUNK = 1 << 20

csv.field_size_limit(2**31 - 1)  # a long on Windows; how long a cell may be is for the platform to say, row by row


def read_rows(path: Path) -> Iterator[FileRow]:
    """The file's rows in their order; UnreadableError names the place where it cannot be read.

    A file that breaks off in the middle is refused whole: half an export must not pass for a whole one.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kinds = "、".join(_READERS)
        raise UnreadableError(f"不认识 {path.name} 的格式。可以推送 {kinds}；表格请另存为 CSV 后再试。")
    try:
        with path.open(encoding=_encoding_of(path), newline="") as text:
            yield from reader(text)
    except OSError as error:
        raise UnreadableError(f"读不到文件 {path}：{reason(error)}。请检查路径。") from error


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableError(f"{path.name} 的文字编码无法识别。请另存为 UTF-8 或 GBK 后再试。")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _read_json(text: TextIO) -> Iterator[FileRow]:
    try:
        rows = json.load(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"文件不是完整的 JSON：{_where(error)}。请重新导出。") from error
    if not isinstance(rows, list):
        raise UnreadableError("JSON 文件的最外层应当是一个列表 [ … ]，每个元素是一行。")
    for number, row in enumerate(rows, start=1):
        yield _object(row, f"第 {number} 个元素")


def _read_ndjson(text: TextIO) -> Iterator[FileRow]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.rstrip())
        except (ValueError, RecursionError) as error:
            raise UnreadableError(f"第 {number} 行不是完整的 JSON：{_where_in_line(error)}。请重新导出。") from error
        yield _object(row, f"第 {number} 行")


def _read_csv(text: TextIO) -> Iterator[FileRow]:
    records = _records(text)
    _, first = next(records, (1, []))
    header = [name.strip() for name in first]
    if len(set(header)) != len(header) or "" in header:
        raise UnreadableError("CSV 的第一行应当是列名，不能有空的或重复的列名。请改好表头后重新导出。")
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise UnreadableError(f"第 {line} 行有 {len(cells)} 列，表头有 {len(header)} 列。请检查该行的逗号和引号。")
        yield dict(zip(header, cells, strict=True))


def _records(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins: a quoted cell may hold line breaks, an open quote the rest of the file."""
    lines = csv.reader(text, strict=True)
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


def _object(row: object, place: str) -> FileRow:
    if not isinstance(row, dict):
        raise UnreadableError(f"{place}应当是一个对象 {{ … }}。请检查导出的格式。")
    return row


def _where(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 个字符处无法读下去"
    return "嵌套过深或数字过长"


def _where_in_line(error: ValueError | RecursionError) -> str:
    """The column alone: the parser counts lines from the one that it was given."""
    if not isinstance(error, json.JSONDecodeError):
        return _where(error)
    return f"第 {error.pos + 1} 个字符处无法读下去" if error.pos < len(error.doc) else "写到一半就断了"


_READERS: dict[str, Callable[[TextIO], Iterator[FileRow]]] = {
    ".json": _read_json,
    ".ndjson": _read_ndjson,
    ".csv": _read_csv,
}


def first_row(rows: Iterator[FileRow]) -> Iterator[FileRow]:
    """The same rows, known to be at least one."""
    first = next(rows, None)
    if first is None:
        raise UnreadableError("文件里没有数据行，没有什么可推送。请检查导出的文件。")
    return chain([first], rows)
