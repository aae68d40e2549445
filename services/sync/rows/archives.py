"""The archive that a workbook is: looked at before anything is inflated, and for what calamine does not tell.

Limits hold whoever reads: a bureau's desktop or the platform. Entries are read by their place in the archive and never by a
path on the disk, so a name like `../x` reaches nothing.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO
from xml.etree import ElementTree

from services.sync.rows.errors import TooLargeError, UnreadableError, UnsafeXmlError, WrongTypeError

MAX_INFLATED = 256 * 1024 * 1024
MAX_ENTRIES = 2_000
_MOST_TIMES = 200
"""How many times its size an archive may inflate to, beyond the first MAX_SMALL bytes. Sheets of Excel come to some 10."""
_MAX_SMALL = 16 * 1024 * 1024
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"

_UNSAFE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ERROR = re.compile(rb"""\st=["']e["']""")
_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})</")
_NOT_COMPUTED = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)</(?:\w+:)?c>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Errors = Mapping[int, Mapping[int, str]]
"""What error cells show, by row and column from 0."""


@contextmanager
def opened(book: IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, if it may be read: a workbook without macros, not encrypted, not a bomb, no entities in its XML."""
    start = book.read(8)
    if start.startswith(_OLD_OR_ENCRYPTED):
        raise WrongTypeError(f"{name} 是加密的或旧版（.xls）的工作簿。请取消密码，另存为 .xlsx 后再试。")
    if not start.startswith(_ZIP):
        raise WrongTypeError(
            f"{name} 不是 Excel 工作簿（扩展名与内容不符）。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
        )
    try:
        with zipfile.ZipFile(book) as archive:
            _refuse_bombs(name, archive)
            _refuse_what_is_unsafe(name, archive)
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ElementTree.ParseError) as error:
        raise UnreadableError(f"{name} 不是完整的 Excel 工作簿，可能在传输中损坏。请重新保存后再试。") from error


def _refuse_bombs(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    inflated, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
    allowed = min(MAX_INFLATED, max(_MAX_SMALL, packed * _MOST_TIMES))
    if len(entries) > MAX_ENTRIES or inflated > allowed:
        raise TooLargeError(
            f"{name} 解压后过大（上限 {MAX_INFLATED >> 20} MiB）。请删去图片和多余的工作表，或分成几个文件。"
        )
    if len({each.filename for each in entries}) < len(entries):
        raise UnreadableError(f"{name} 不是合格的 Excel 工作簿：其中有重名的内容。请另存为 .xlsx 后再试。")


def _refuse_what_is_unsafe(name: str, archive: zipfile.ZipFile) -> None:
    for entry in archive.infolist():
        inner = entry.filename.lower()
        if inner.endswith("vbaproject.bin"):
            raise WrongTypeError(f"{name} 含有宏。请另存为不含宏的 .xlsx 后再试。")
        if inner.endswith((".xml", ".rels")):
            content = archive.read(entry)
            if content.startswith(_WIDE_MARKS) or _UNSAFE.search(content):
                raise UnsafeXmlError(
                    f"{name} 含有不安全的内容（XML 实体）。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
                )


def error_cells(archive: zipfile.ZipFile) -> dict[str, Errors]:
    """The cells of each sheet that show an error. UnreadableError where a formula was never computed."""
    return {name: _errors_in(name, archive.read(entry)) for name, entry in _sheets(archive)}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet with its entry."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (no entities in it)
    targets = {each.get("Id"): str(each.get("Target")) for each in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    known = set(archive.namelist())
    for each in book.iter():
        if each.tag.endswith("}sheet"):
            target = targets.get(each.get(_RELATION), "")
            entry = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if entry in known:
                yield str(each.get("name")), entry


def _errors_in(sheet: str, content: bytes) -> Errors:
    if found := _NOT_COMPUTED.search(content):
        place = _PLACE.search(content, content.rfind(b"<", 0, max(found.start(), 1)), found.start())
        line = f"第 {int(place[2])} 行" if place else ""
        raise UnreadableError(f"工作表“{sheet}”{line}的公式没有计算结果。请用 Excel 或 WPS 打开，保存后再试。")
    errors: dict[int, dict[int, str]] = {}
    for each in _ERROR.finditer(content):
        start, end = content.rfind(b"<", 0, each.start()), content.find(b">", each.end())
        place, value = _PLACE.search(content, start, end), _VALUE.search(content, end, end + 2_000)
        if place is not None:
            shown = value[1].decode("ascii", "replace") if value else "#VALUE!"
            errors.setdefault(int(place[2]) - 1, {})[_column(place[1])] = shown
    return errors


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
