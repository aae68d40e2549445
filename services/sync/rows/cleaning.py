"""What real city files need before they can be read: half-width forms, radicals, invisible characters, empty markers.

Every function takes what stands in the row and answers what is meant, or raises a refusal from rejections.py.
"""

import math
import re
from collections.abc import Callable

from services.sync.rows import radicals
from services.sync.rows.rejections import refuse
from shared.values import phones, readable
from shared.values.open_sets import OpenSet

_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HALF_WIDTH_MARKS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2014: "-", 0x2013: "-"}
_TO_FOLD = re.compile("[０-９Ａ-Ｚａ-ｚ\u2e80-\u2fdf\u31c0-\u31ef]")
"""Full-width digits and letters, and the blocks of radicals: nearly no text has any."""
_BLANK = re.compile(r"\s")
_LINE_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(" ?\n ?")

_NOTHING = {
    *(
        "",
        "无",
        "暂无",
        "无。",
        "没有",
        "未填",
        "空",
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "/",
        "\\",
        "N/A",
        "n/a",
        "N／A",
    ),
    *("null", "NULL", "Null", "None", "none", "nan", "NaN", "NAN", "(null)", "<null>"),
}
"""What people and programs write where there is nothing to write."""
_LONGEST_NOTHING = max(map(len, _NOTHING))
_ERROR_CELL = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|#{3,}")
"""What a spreadsheet shows in place of a value: a formula that failed, or a column that is too narrow."""
_DAMAGED = ("\ufffd", "锟斤拷")
"""What is left of characters that an earlier conversion could not read, and of that in GBK."""

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
SCIENTIFIC_ID = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]\d+")
"""As spreadsheets write it, with a sign: 3E10 may be the number of a room."""
_BETWEEN_ITEMS = re.compile(r"[、，,；;|/\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_EXACT = 2**53
"""From here on programs that keep numbers as floating point lose the last digits."""
_BY_A_SPREADSHEET = {"writer": "表格软件", "remedy": "将该列设为文本"}
_BY_A_PROGRAM = {"writer": "程序", "remedy": "在导出程序中加上引号，写成文字"}


def is_nothing(text: str) -> bool:
    """Whether the text, without blanks around it, only says that there is nothing."""
    return len(text) <= _LONGEST_NOTHING and text in _NOTHING


def refuse_error_cell(text: str) -> None:
    """Refuses what a spreadsheet shows in place of a value."""
    if _ERROR_CELL.fullmatch(text):
        raise refuse("error_cell", value=text[:10])


def line(text: str) -> str:
    """One line of prose as everywhere (shared/values/readable.py), with half-width letters and digits."""
    meant = _meant(_half_width(readable.line(text)))
    if "E+" in meant and SCIENTIFIC_ID.fullmatch(meant):
        raise refuse("number_in_scientific_notation", value=meant[:40], **_BY_A_SPREADSHEET)
    return meant


def prose(text: str) -> str:
    """Like `line`, but line breaks stay."""
    return _meant(_BREAKS.sub("\n", _LINE_BLANKS.sub(" ", _half_width(readable.prose(text)))))


def code(text: str) -> str:
    """An identifier, number or address of the machine kind: half-width marks too (－ becomes -), no blanks around."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _BLANK.sub(" ", radicals.folded(readable.seen(text))).translate(_HALF_WIDTH_MARKS).strip()


def address(text: str) -> str:
    """Where something is found on the net."""
    return _meant(code(text))


def identifier(value: object) -> object:
    """An id or a number that names something, as text; a number that may have lost digits is refused."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _digits(value)
    if not isinstance(value, str):
        return value
    text = _meant(code(value))
    if SCIENTIFIC_ID.fullmatch(text):
        raise refuse("number_in_scientific_notation", value=text[:40], **_BY_A_SPREADSHEET)
    return text


def _digits(value: float) -> object:
    """A whole number as its digits."""
    if not math.isfinite(value) or value != int(value):
        return value
    if abs(value) >= _EXACT:
        raise refuse("number_in_scientific_notation", value=f"{float(value):.4E}", **_BY_A_PROGRAM)
    return str(int(value))


def phone(value: object) -> object:
    """A phone number by the one rule (shared/values/phones.py). Numbers of Excel are read, 1.38E+10 is refused."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        raise refuse("number_in_scientific_notation", value=f"{value:.2E}", **_BY_A_SPREADSHEET)
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str):
        return value
    text = code(text)
    if _SCIENTIFIC.fullmatch(text):
        raise refuse("number_in_scientific_notation", value=text[:40], **_BY_A_SPREADSHEET)
    if is_nothing(text):
        return None
    number = phones.understood(text)
    if number is None:
        raise refuse("phone_not_understood", value=text[:40])
    return number


def number(value: object) -> object:
    """A number that may stand as text, as Excel does it."""
    if isinstance(value, float) and not math.isfinite(value):
        raise refuse("number_not_understood", value=str(value))
    if not isinstance(value, str):
        return value
    text = code(value)
    if is_nothing(text) and text.lower() != "nan":
        return None
    if not (text.isascii() and _NUMBER.fullmatch(text)):
        raise refuse("number_not_understood", value=text[:40])
    return float(text)


def items(value: object) -> object:
    """A list, or a cell that holds one: 新材料、氢能."""
    if is_nothing(value.strip()) if isinstance(value, str) else value is None:
        return []
    return _BETWEEN_ITEMS.split(value) if isinstance(value, str) else value


def member_of(known: type[OpenSet]) -> Callable[[object], object]:
    """Reads a value of the set, which may stand by its Chinese name, as sentences about it do."""
    values = {name: each.value for each in known for name in (each.value, each.chinese)}

    def read(value: object) -> object:
        return values.get(code(value), value) if isinstance(value, str) else value

    return read


def _meant(text: str) -> str:
    """The text, nothing where it only says that there is nothing. Refused where it is no text of anybody."""
    if is_nothing(text):
        return ""
    if text[:1] == "#":
        refuse_error_cell(text)
    if not text.isascii() and (_DAMAGED[0] in text or _DAMAGED[1] in text):
        raise refuse("text_damaged")
    return text


def _half_width(text: str) -> str:
    if text.isascii() or not _TO_FOLD.search(text):
        return text
    return radicals.folded(text).translate(_HALF_WIDTH)
