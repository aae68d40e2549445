"""Telephone numbers, as people type them: one rule everywhere."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from shared.values.masking import masked_phone
from shared.values.phones import LONGEST, PHONE, understood


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("051212345678", "0512-12345678"),
        ("（0512）12345678", "0512-12345678"),
        ("０５１２—１２３４５６７８", "0512-12345678"),
        ("+86 (512) 1234 5678", "0512-12345678"),
        ("021 6234 5678", "021-62345678"),
        ("0512-12345678-801", "0512-12345678-801"),
        ("0512-12345678 转 801", "0512-12345678-801"),
        ("051212345678ext.801", "0512-12345678-801"),
        ("02112345678#8", "021-12345678-8"),
        ("400-820-8820", "4008208820"),
        ("62345678", "62345678"),
        ("12345", "12345"),
        ("95588", "95588"),
        ("10086", "10086"),
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_was_typed(written: str, kept: str) -> None:
    assert understood(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "110", "1234", "1.38E+10", "见官网", "请打手机", "138-0000-0000;139-0000-0000", "1" * 21, "+" * 8, "12" * 30],
)
def test_what_nobody_could_dial_is_refused(written: str) -> None:
    assert understood(written) is None


NUMBERS = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"(010|02[0-9]|0[3-9][0-9]{2})-?[0-9]{7,8}(-[0-9]{1,6})?", fullmatch=True),
    st.from_regex(r"1[0-2][0-9]{3}|9[56][0-9]{3}", fullmatch=True),
)


@given(NUMBERS, st.data())
def test_blanks_hyphens_and_full_width_digits_do_not_matter(number: str, data: st.DataObject) -> None:
    kept = understood(number)
    assert kept is not None
    assert understood(kept) == kept, "reading twice changes nothing"
    wide = "".join(
        chr(ord(each) + 0xFEE0) if each.isdecimal() and data.draw(st.booleans()) else each for each in number
    )
    assert understood(f" {wide} ") == kept
    if "-" not in number:
        place = data.draw(st.integers(1, len(number) - 1))
        assert understood(f"{number[:place]} {number[place:]}") == kept


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_none_and_never_an_error(text: str) -> None:
    kept = understood(text)
    assert kept is None or (kept.isascii() and understood(kept) == kept)


@given(NUMBERS)
def test_a_mask_hides_at_least_three_digits_and_every_extension(number: str) -> None:
    kept = understood(number) or ""
    masked = masked_phone(kept)
    shown = sum(each.isdecimal() for each in masked)
    assert "****" in masked
    assert sum(each.isdecimal() for each in kept) - shown >= 3
    assert masked.count("-") <= 1


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("0512-12345678", "0512-****5678"),
        ("021-62345678-801", "021-****5678"),
        ("12345", "****45"),
        ("051212345678", "051****5678"),
    ],
)
def test_each_kind_of_number_has_its_mask(phone: str, masked: str) -> None:
    assert masked_phone(phone) == masked


class Body(BaseModel):
    phone: Annotated[str, Field(max_length=LONGEST), PHONE]


def test_a_field_takes_a_number_in_its_kept_form_and_says_what_would_be_one() -> None:
    assert Body.model_validate({"phone": "0512 12345678"}).phone == "0512-12345678"
    with pytest.raises(ValueError, match="例如 13800000000") as refused:
        Body.model_validate({"phone": "见官网"})
    assert "bad_phone" in str(refused.value)
