"""Dates and moments as cities write them. A date is a day in China: a time stamp with an offset is the day that it was here."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from services.sync.rows import cleaning
from services.sync.rows.rejections import refuse
from shared.values.jurisdictions import SHANGHAI

_DAY = r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|(\d{2})(\d{2}))"
_TIME = r"[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
_DATE = re.compile(f"{_DAY}(?:{_TIME} ?(Z|[+-]\\d{{2}}:?\\d{{2}})?)?")
_BLANKS_BETWEEN = re.compile(r"(?<=[年月日/.-])\s+|\s+(?=[年月日/.-])")
_MARKS = str.maketrans({"年": "-", "月": "-", "/": "-", ".": "-"})
_LONGEST = 40

_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's 1900 date system, its leap-year error included."""
_EXCEL_DAYS = range(18_264, 73_051)
"""1950-01-01 to 2099-12-31."""
_EXCEL_DAY = re.compile(r"(\d{5})(?:\.\d+)?")
_FOR_EVER = {"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限", "长期合作"}


def day(value: object) -> object:
    """A date as 2026-12-31; reads 2026/1/2, 2026 年 1 月 2 日, 20260102, a time stamp, and Excel's day numbers."""
    return _day(str(value)) if isinstance(value, str | int | float) else value


def last_day(value: object) -> object:
    """The same for the end of a validity, which may have none: 长期 is no date."""
    if isinstance(value, str) and cleaning.code(value) in _FOR_EVER:
        return None
    return day(value)


@lru_cache(10_000)
def _day(written: str) -> str | None:
    """The dates of a file are few and come again and again."""
    text = cleaning.code(written)
    if cleaning.is_nothing(text):
        return None
    cleaning.refuse_error_cell(text)
    if (serial := _EXCEL_DAY.fullmatch(text)) and int(serial[1]) in _EXCEL_DAYS:
        return (_EXCEL_EPOCH + timedelta(days=int(serial[1]))).isoformat()
    found = _DATE.fullmatch(_plain(text)) if len(written) <= _LONGEST else None
    if found is None:
        raise refuse("date_not_understood", value=text[:40])
    try:
        return _in_china(found).date().isoformat()
    except (ValueError, OverflowError) as error:
        raise refuse("date_not_understood", value=text[:40]) from error


def _plain(text: str) -> str:
    """2026 年 1 月 2 日 8:30 as 2026-1-2 8:30; the time of day keeps its point."""
    day_part, mark, rest = _BLANKS_BETWEEN.sub("", text).partition("日")
    if mark:
        return f"{day_part.translate(_MARKS)} {rest.strip()}".strip()
    head, colon, tail = day_part.partition(":")
    return f"{head.translate(_MARKS)}{colon}{tail}"


def _in_china(found: re.Match[str]) -> datetime:
    """The moment as it was here; one without an offset was written here."""
    year, month, day_, *_ = (int(part) for part in found.groups()[:5] if part)
    hour, minute, second = (int(part or 0) for part in found.groups()[5:8])
    offset = found[9]
    moment = datetime(year, month, day_, hour, minute, second)
    if offset is None:
        return moment.replace(tzinfo=SHANGHAI)
    zone = "+00:00" if offset == "Z" else offset
    return datetime.strptime(f"{moment:%Y-%m-%dT%H:%M:%S}{zone}", "%Y-%m-%dT%H:%M:%S%z").astimezone(SHANGHAI)


def instant(value: object) -> object:
    """A moment as UTC with a Z. It needs its time of day; without an offset it is that of China."""
    text = cleaning.code(value) if isinstance(value, str) else value
    if not isinstance(text, str) or cleaning.is_nothing(text):
        return text if not isinstance(text, str) else None
    found = _DATE.fullmatch(_plain(text)) if len(text) <= _LONGEST else None
    try:
        if found is None or found[6] is None:
            raise ValueError("no time of day")
        # Some programs write no date as the first day of year 1, which in UTC may be before there are dates.
        return _in_china(found).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError) as error:
        raise refuse("instant_not_understood", value=text[:40]) from error
