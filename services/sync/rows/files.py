"""A city's file, read as it came: a table (`.xlsx`, `.csv`, `.tsv`, `.txt`), `.json`, `.ndjson` or `.jsonl`; text gzipped, too.

A file that breaks off in the middle is refused whole: half an export must not pass for a whole one.
"""

import gzip
import io
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, TextIO

from services.sync.rows import encodings, tables, workbooks
from services.sync.rows.archives import MAX_INFLATED
from services.sync.rows.errors import TooLargeError, UnclearEncodingError, UnreadableError, WrongTypeError, reason
from services.sync.rows.places import At

FileRow = dict[str, Any]
_WORKBOOK, _PACKED = ".xlsx", ".gz"
_PIECE = 1 << 20


@dataclass(frozen=True)
class Found:
    """A row and where it stands; a list in JSON has no lines that anybody would look for.

    `header` is that of its table, a name for each column, empty where it has none; an object of JSON has its own names alone.
    """

    values: FileRow
    at: At | None
    header: tuple[str, ...] | None = None


@dataclass(frozen=True)
class HowToRead:
    """What a clerk says of a file: its encoding, and the path of the list of rows within a JSON object.

    `note` is told of what is no row and was passed over, such as a line of sums.
    """

    encoding: str | None = None
    rows: str | None = None
    note: Callable[[str], None] = lambda _: None


def read_rows(path: Path, how: HowToRead | None = None) -> Iterator[Found]:
    """The file's rows in their order; UnreadableError names the place where it cannot be read."""
    how = how or HowToRead()
    suffix = path.suffix.lower()
    if packed := suffix == _PACKED:
        suffix = Path(path.stem).suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None and (packed or suffix != _WORKBOOK):
        kinds = "、".join((_WORKBOOK, *_READERS))
        raise WrongTypeError(
            f"不认识 {path.name} 的格式。可以推送 {kinds}（文本格式也可以是 {_PACKED} 压缩的）；"
            f"其他表格请另存为 {_WORKBOOK} 或 CSV 后再试。"
        )
    try:
        if reader is None:
            yield from (Found(row.values, at, row.header) for at, row in workbooks.read(path, how.note))
            return
        with _inflated(path) if packed else path.open("rb") as file:
            encoding = _encoding(path.name, file, how.encoding)
            file.seek(0)
            yield from reader(io.TextIOWrapper(file, encoding, newline=""), how)
    except OSError as error:
        raise UnreadableError(f"读不到文件 {path}：{reason(error)}。请检查路径。") from error


@contextmanager
def _inflated(path: Path) -> Iterator[IO[bytes]]:
    """What a gzipped file holds, whole or not at all, and never more than a workbook may."""
    with tempfile.TemporaryFile() as plain:
        try:
            with gzip.open(path) as packed:
                while piece := packed.read(_PIECE):
                    if plain.tell() + len(piece) > MAX_INFLATED:
                        raise TooLargeError(
                            f"{path.name} 解压后过大（上限 {MAX_INFLATED >> 20} MiB）。请分成几个文件。"
                        )
                    plain.write(piece)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise UnreadableError(f"{path.name} 不是完整的 gzip 文件，可能在传输中损坏。请重新导出。") from error
        yield plain


def _encoding(name: str, file: IO[bytes], asked: str | None) -> str:
    try:
        return encodings.encoding_of(file, asked)
    except UnclearEncodingError as error:
        raise UnclearEncodingError(
            f"{name}：{error}。请用原来的软件另存为 UTF-8；"
            "如果确知是哪种文字编码，请说明（命令行 --encoding，网页“文字编码”）：UTF-8、GBK、GB18030 或 UTF-16。"
        ) from error


def _read_json(text: TextIO, how: HowToRead) -> Iterator[Found]:
    try:
        whole = _parsed(text.read().removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"文件不是完整的 JSON：{_where(error)}。请重新导出。") from error
    for number, row in enumerate(_rows_in(whole, how.rows), start=1):
        yield Found(_object(row, f"第 {number} 个元素"), None)


def _rows_in(whole: Any, path: str | None) -> list[Any]:
    """The list of rows: the whole, or what the path leads to."""
    found = whole
    for step in path.split(".") if path else ():
        found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, list):
        return found
    lists = "、".join(_lists_in(whole))
    hint = f"请在映射文件里用“rows: 路径”指明数据所在的列表，文件里的列表有：{lists}。" if lists else "请重新导出。"
    if path:
        raise UnreadableError(f"映射文件中的“rows: {path}”在文件里不是列表。{hint}")
    raise UnreadableError(f"JSON 文件的最外层应当是一个列表 [ … ]，每个元素是一行。{hint}")


def _lists_in(value: Any, path: str = "", depth: int = 3) -> Iterator[str]:
    """The paths of lists of objects, down to some depth."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and path:
        yield path
    elif isinstance(value, dict) and depth:
        for name, inner in value.items():
            yield from _lists_in(inner, f"{path}.{name}" if path else name, depth - 1)


def _read_ndjson(text: TextIO, how: HowToRead) -> Iterator[Found]:
    for number, line in enumerate(text, start=1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            row = _parsed(line.removeprefix("\ufeff").rstrip())
        except (ValueError, RecursionError) as error:
            raise UnreadableError(f"第 {number} 行不是完整的 JSON：{_where_in_line(error)}。请重新导出。") from error
        yield Found(_object(row, f"第 {number} 行"), At(number))


def _read_table(text: TextIO, how: HowToRead) -> Iterator[Found]:
    for row in tables.read(text, how.note):
        yield Found(row.values, At(row.line), row.header)


def _read_text(text: TextIO, how: HowToRead) -> Iterator[Found]:
    """Whatever `.txt` holds: a table, or a row of JSON per line."""
    start = text.read(1).strip("\ufeff") or text.read(1)
    text.seek(0)
    yield from (_read_ndjson if start == "{" else _read_table)(text, how)


def _parsed(text: str) -> Any:
    """NaN and Infinity are no JSON, but some programs write them: a matter of one row, which is told of them as text."""
    return json.loads(text, parse_constant=str, object_pairs_hook=_once)


class _RepeatedNameError(ValueError):
    """A JSON object names a field twice, and the last would win unseen."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedNameError(next(name for name in names if names.count(name) > 1))
    return values


def _object(row: object, place: str) -> FileRow:
    if not isinstance(row, dict):
        raise UnreadableError(f"{place}应当是一个对象 {{ … }}。请检查导出的格式。")
    return row


def _where(error: ValueError | RecursionError) -> str:
    if isinstance(error, _RepeatedNameError):
        return f"同一个对象里“{error}”写了两次"
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 个字符处无法读下去"
    return "嵌套过深或数字过长"


def _where_in_line(error: ValueError | RecursionError) -> str:
    """The column alone: the parser counts lines from the one that it was given."""
    if not isinstance(error, json.JSONDecodeError):
        return _where(error)
    return f"第 {error.pos + 1} 个字符处无法读下去" if error.pos < len(error.doc) else "写到一半就断了"


_READERS: dict[str, Callable[[TextIO, HowToRead], Iterator[Found]]] = {
    ".json": _read_json,
    ".ndjson": _read_ndjson,
    ".jsonl": _read_ndjson,
    ".csv": _read_table,
    ".tsv": _read_table,
    ".txt": _read_text,
}


def first_row(rows: Iterator[Found]) -> Iterator[Found]:
    """The same rows, known to be at least one."""
    first = next(rows, None)
    if first is None:
        raise UnreadableError("文件里没有数据行，没有什么可推送。请检查导出的文件。")
    return chain([first], rows)


ENDINGS = (_WORKBOOK, *_READERS, *(f"{each}{_PACKED}" for each in _READERS))
"""What the names of files end with that can be read."""
