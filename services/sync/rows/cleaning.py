"""What real city files need before they can be read: half-width forms, invisible characters, dates, numbers, phones.

Every function takes what stands in the row and answers what is meant, or raises a refusal from rejections.py.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from services.sync.rows.rejections import refuse
from shared.values import phones, readable
from shared.values.open_sets import OpenSet

_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HALF_WIDTH_MARKS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2014: "-", 0x2013: "-"}
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_BLANK = re.compile(r"\s")
_LINE_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(" ?\n ?")

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|(\d{2})(\d{2}))(?:[T ].*)?", re.DOTALL)
_DATE_MARKS = str.maketrans({"年": "-", "月": "-", "日": "", "/": "-", ".": "-"})

_LONGEST_DATE = 40
_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's 1900 date system, its leap-year error included."""
_EXCEL_DAYS = range(18_264, 73_051)
"""1950-01-01 to 2099-12-31."""


def line(text: str) -> str:
    """One line of prose as everywhere (shared/values/readable.py), with half-width letters and digits."""
    return _half_width(readable.line(text))


def prose(text: str) -> str:
    """Like `line`, but line breaks stay."""
    return _BREAKS.sub("\n", _LINE_BLANKS.sub(" ", _half_width(readable.prose(text))))


def code(text: str) -> str:
    """An identifier, number or address of the machine kind: half-width marks too (－ becomes -), no blanks around."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _BLANK.sub(" ", readable.seen(text)).translate(_HALF_WIDTH_MARKS).strip()


def phone(value: object) -> object:
    """A phone number by the one rule (shared/values/phones.py). Numbers of Excel are read, 1.38E+10 is refused."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        raise refuse("number_in_scientific_notation", value=f"{value:.2E}")
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str):
        return value
    text = code(text)
    if _SCIENTIFIC.fullmatch(text):
        raise refuse("number_in_scientific_notation", value=text[:40])
    if not text:
        return None
    number = phones.understood(text)
    if number is None:
        raise refuse("phone_not_understood", value=text[:40])
    return number


def number(value: object) -> object:
    """A number that may stand as text, as Excel does it."""
    if not isinstance(value, str):
        return value
    text = code(value)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise refuse("number_not_understood", value=text[:40])
    return float(text)


def day(value: object) -> object:
    """A date as 2026-12-31; reads 2026/1/2, 2026年1月2日, 20260102, a time stamp's date, and Excel's day numbers."""
    return _day(str(value)) if isinstance(value, str | int | float) else value


@lru_cache(10_000)
def _day(written: str) -> str | None:
    """The dates of a file are few and come again and again."""
    text = code(written)
    if not text:
        return None
    if text.isdecimal() and len(text) == 5 and int(text) in _EXCEL_DAYS:
        return (_EXCEL_EPOCH + timedelta(days=int(text))).isoformat()
    found = _DATE.fullmatch(text.translate(_DATE_MARKS))
    if found is None or len(written) > _LONGEST_DATE:
        raise refuse("date_not_understood", value=text[:40])
    year, *parts = (int(part) for part in found.groups() if part)
    try:
        return date(year, *parts).isoformat()
    except ValueError as error:
        raise refuse("date_not_understood", value=text[:40]) from error


def instant(value: object) -> object:
    """A moment with its offset, as UTC with a Z."""
    text = code(value) if isinstance(value, str) else value
    if not isinstance(text, str) or not text:
        return text or None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no offset")
        # Some programs write no date as the first day of year 1, which in UTC may be before there are dates.
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError) as error:
        raise refuse("instant_not_understood", value=text[:40]) from error


def member_of(known: type[OpenSet]) -> Callable[[object], object]:
    """Reads a value of the set, which may stand by its Chinese name, as sentences about it do."""
    values = {name: each.value for each in known for name in (each.value, each.chinese)}

    def read(value: object) -> object:
        return values.get(code(value), value) if isinstance(value, str) else value

    return read


def _half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text
