import pytest
from pydantic_core import PydanticCustomError

from services.sync.rows import cleaning, dates


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("  ２０２５年　第３批\u200b项目 ", "2025年 第3批项目"),
        ("ＡＢ－１２，（试行）", "AB－12，（试行）"),
        ("两行\r\n标题", "两行 标题"),
        ("\ufeff开头有 BOM\x00", "开头有 BOM"),
        ("转向\u2066不见\u2069", "转向不见"),
        ("\u200b\u3164", ""),
    ],
)
def test_a_line_gets_half_width_letters_and_keeps_chinese_marks(written: str, meant: str) -> None:
    assert cleaning.line(written) == meant


def test_prose_keeps_its_line_breaks() -> None:
    assert cleaning.prose(" 第一段 \r\n\t第二段　完 ") == "第一段\n第二段 完"


def test_an_identifier_gets_half_width_marks_too() -> None:
    assert cleaning.code("　ＮＴ－００１ ") == "NT-001"


def test_an_identifier_keeps_its_blanks_and_nothing_that_nobody_can_see() -> None:
    assert cleaning.code("\ufeff甲\u200b  乙\u00a01\x0b2") == "甲  乙 1 2"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("１３８０００００００0", "13800000000"),
        (13800000000, "13800000000"),
        ("０５１０－８８８８８８８８转123", "0510-88888888-123"),
        ("+86 138 0000 0000", "13800000000"),
        ("12345", "12345"),
        ("", None),
        (None, None),
    ],
)
def test_phone_numbers_are_read_however_they_are_written(written: object, meant: object) -> None:
    assert cleaning.phone(written) == meant


@pytest.mark.parametrize("written", ["1.38E+10", "１.３８e+10", 1.38e10])
def test_a_phone_number_in_scientific_notation_is_refused(written: object) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        cleaning.phone(written)
    assert refused.value.message() == "number_in_scientific_notation"


@pytest.mark.parametrize("written", ["见官网", "1234", "138-0000-0000;139-0000-0000"])
def test_what_is_no_phone_number_is_refused(written: str) -> None:
    with pytest.raises(PydanticCustomError, match="phone_not_understood"):
        cleaning.phone(written)


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-02",
        "2026/1/2",
        "2026.01.02",
        "2026年1月2日",
        "２０２６年１月２日",
        "20260102",
        "2026-01-02T10:00:00+08:00",
        "2026-01-02 00:00:00",
        46024,
        "46024",
    ],
)
def test_dates_are_read_however_they_are_written(written: object) -> None:
    assert dates.day(written) == "2026-01-02"


@pytest.mark.parametrize("written", ["2026-13-01", "2026年", "明年", "2026-02-30", 7, 3.5, True])
def test_what_is_no_date_is_refused(written: object) -> None:
    with pytest.raises(PydanticCustomError, match="date_not_understood"):
        dates.day(written)


def test_numbers_may_stand_as_text() -> None:
    assert cleaning.number("１２０.５") == 120.5
    assert cleaning.number(" ") is None
    with pytest.raises(PydanticCustomError, match="number_not_understood"):
        cleaning.number("东经120度")


def test_an_instant_needs_its_time_of_day_and_is_that_of_china_without_an_offset() -> None:
    for written in ("2026-03-01T09:00:00+08:00", "2026-03-01 09:00", "2026年3月1日 9:00", "2026/3/1 9:00:00"):
        assert dates.instant(written) == "2026-03-01T01:00:00Z"
    for written in ("2026-03-01", "45000.5", "0001-01-01T00:00:00+08:00", "9999-12-31T23:00:00-08:00"):
        with pytest.raises(PydanticCustomError, match="instant_not_understood"):
            dates.instant(written)
