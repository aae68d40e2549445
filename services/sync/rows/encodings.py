"""In which encoding a text is: decided over the whole of it, line by line, by which reading is Chinese.

Bytes of GBK may happen to be UTF-8 (医学院 is ҽѧԺ), and bytes of UTF-8 are often GB18030 (苏州 is 鑻忓窞). So that a text can be
decoded proves nothing: a line counts for the encoding in which its characters are those that people write. Where nothing
counts, or where lines count for different ones, nothing is guessed.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import IO

from services.sync.rows.errors import UnclearEncodingError, UnreadableError

UTF_8, GB18030 = "utf-8", "gb18030"
GB18030_MARK = "\ufeff".encode(GB18030)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    GB18030_MARK: GB18030,
}
NAMES = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "gb18030": GB18030,
    "gbk": GB18030,
    "gb2312": GB18030,
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
"""What a clerk may call an encoding."""
_CHINESE_NAMES = {UTF_8: "UTF-8", GB18030: "GBK"}

_LEVEL_ONE = b"".join(bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
_COMMON = frozenset(_LEVEL_ONE.decode("gb2312", "ignore") + "“”‘’—…·《》〈〉【】、。，；：？！（）％～　①②③④⑤")
"""The 3,755 frequent characters of GB 2312 and the marks between them: nearly all of what an office writes."""
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_TWO_TOGETHER = re.compile("[^\x00-\x7f]{2}")
_LOOKED_AT = 2_000
"""Characters of a line that are weighed; a line may be a whole file."""
_WEIGHED = 20_000
_IS_CHINESE = 0.7
"""Of GBK that is Chinese nine characters of ten are frequent or marks. Big5 that is read as GBK comes to about half."""
_SHAPES = b"x" * 0x80 + b"C" * 0x40 + b"xx" + b"F" * 0x1E + b"x" * 0x20
"""Each byte as what it can be in UTF-8: the first of two, one that continues, another."""
_LIKE_UTF_8_BY_CHANCE = b"FCFC"
"""Two characters of GBK that are UTF-8 as well: without such a pair, what can be decoded as UTF-8 is UTF-8."""
_PIECE = 1 << 16


class Leaning(StrEnum):
    """What a line says of its encoding."""

    NEITHER = "neither"  # it can be decoded as none of them
    EITHER = "either"
    UTF_8 = UTF_8
    GB18030 = GB18030


def encoding_of(file: IO[bytes], asked: str | None = None) -> str:
    """The codec with which the file can be read from its start. UnclearEncodingError names the line that speaks against it."""
    if asked is not None:
        return _asked(file, asked)
    file.seek(0)
    start = file.read(_PIECE)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return _checked(file, encoding)
    if b"\0" in start and (wide := _utf_16(start)):
        return _checked(file, wide)
    file.seek(0)
    return by_lines(file)


def by_lines(lines: Iterable[bytes]) -> str:
    """UTF-8 or GB18030, whichever the lines are in."""
    first: tuple[int, Leaning] | None = None
    weak: int | None = None
    as_gb18030 = _Weighed()
    for number, line in enumerate(lines, 1):
        leaning = _leaning(line)
        if leaning is Leaning.GB18030:
            as_gb18030.add(line.decode(GB18030))
        if leaning is Leaning.NEITHER:
            raise UnclearEncodingError(f"第 {number} 行的文字既不是 UTF-8，也不是 GBK（GB18030），可能已经损坏")
        if leaning is Leaning.EITHER:
            weak = weak or (None if line.isascii() else number)
        elif first is None:
            first = number, leaning
        elif first[1] is not leaning:
            was, now = _CHINESE_NAMES[first[1]], _CHINESE_NAMES[leaning]
            raise UnclearEncodingError(f"文字编码中途变了：第 {first[0]} 行是 {was}，第 {number} 行像是 {now}")
    if first is None and weak is not None:
        raise UnclearEncodingError(f"第 {weak} 行按 UTF-8 和按 GBK 都读得通，无法确定文字编码")
    if first is not None and as_gb18030.share < _IS_CHINESE:
        raise UnclearEncodingError(
            f"第 {first[0]} 行起不是 UTF-8，按 GBK 读出来又不像中文，可能是繁体中文（Big5）等其他编码"
        )
    return first[1].value if first else UTF_8


@dataclass
class _Weighed:
    """How Chinese the first characters of a text are."""

    weight: float = 0.0
    characters: int = 0

    def add(self, text: str) -> None:
        if self.characters < _WEIGHED:
            found = len(_NOT_ASCII.findall(text[:_LOOKED_AT]))
            self.weight += _chinese_share(text[:_LOOKED_AT]) * found if found else 0.0
            self.characters += found

    @property
    def share(self) -> float:
        return self.weight / self.characters if self.characters else 1.0


def is_surely_utf_8(body: bytes) -> bool:
    """A quick answer for most texts; False says nothing."""
    try:
        body.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return _LIKE_UTF_8_BY_CHANCE not in body.translate(_SHAPES)


def _leaning(line: bytes) -> Leaning:
    if line.isascii():
        return Leaning.EITHER
    utf_8, gb18030 = _decoded(line, UTF_8), _decoded(line, GB18030)
    if utf_8 is None or gb18030 is None:
        if utf_8 is not None:
            return Leaning.UTF_8
        return Leaning.NEITHER if gb18030 is None else Leaning.GB18030
    as_utf_8, as_gb18030 = _chinese_share(utf_8), _chinese_share(gb18030)
    if as_utf_8 >= 0.5 and as_utf_8 >= as_gb18030 + 0.2:
        return Leaning.UTF_8
    if as_utf_8 <= 0.2 and as_gb18030 >= 0.8 and _TWO_TOGETHER.search(gb18030):
        return Leaning.GB18030
    return Leaning.EITHER


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chinese_share(text: str) -> float:
    """How much of what is not ASCII is written in Chinese: 1 for frequent characters, 0.5 for rare ones, 0 for others."""
    found = [each.group() for each in islice(_NOT_ASCII.finditer(text), _LOOKED_AT)]
    weights = (1.0 if each in _COMMON else 0.5 if _IDEOGRAPH.match(each) else 0.0 for each in found)
    return sum(weights) / len(found)


def _asked(file: IO[bytes], asked: str) -> str:
    encoding = NAMES.get(asked.strip().lower())
    if encoding is None:
        raise UnreadableError(f"没有“{asked}”这种文字编码。可以是：UTF-8、GBK、GB18030、UTF-16。")
    return _checked(file, encoding)


def _checked(file: IO[bytes], encoding: str) -> str:
    """The encoding, if the whole file can be decoded by it."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        for piece in _pieces(file):
            lines += decoder.decode(piece, final=not piece).count("\n")
    except UnicodeDecodeError as error:
        lines += _text_before(error, encoding).count("\n")
        raise UnclearEncodingError(f"第 {lines} 行的文字不是 {encoding.removesuffix('-sig').upper()} 编码") from error
    return encoding


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
    yield b""


def _text_before(error: UnicodeDecodeError, encoding: str) -> str:
    """What stands before the fault in the piece that could not be decoded."""
    return error.object[: error.start].decode(encoding.removesuffix("-sig"), "ignore")


def _utf_16(start: bytes) -> str | None:
    """Which of the two, if what it reads as is written by people: a stray zero byte makes no UTF-16."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = start.decode(encoding, "replace")[:_LOOKED_AT]
        if sum(each in _COMMON or " " <= each <= "~" or each in "\t\r\n" for each in text) >= 0.7 * len(text):
            return encoding
    return None
