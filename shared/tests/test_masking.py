"""Full telephone numbers are kept nowhere: what is quoted of a value shows at most a masked form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.values.masking import masked_phone, without_numbers

_PHONES = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"0[1-9][0-9]{1,2}[1-9][0-9]{6,7}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
)


@pytest.mark.parametrize(("phone", "shown"), [("13812345678", "138****5678"), ("88881234", "****34")])
def test_a_phone_number_is_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13812345678", "138******78"),
        ("王工 138-1234-5678/139 0000 1111", "王工 138-****-****/*** **** **11"),
        ("（０５１０）８８８８１２３４", "（０５１*）******３４"),
        ("一三八〇〇〇〇一二三四", "一三八******三四"),
        ("2026-13-45", "2026-13-45"),
        ("20260102", "20260102"),
        ("88881234", "******34"),
        ("120.5", "120.5"),
        ("2026-01-02 13812345678", "2026-01-02 138******78"),
    ],
)
def test_long_numbers_are_hidden_in_a_text_and_dates_are_not(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@given(
    _PHONES,
    st.text(alphabet="甲 ,:x-", max_size=5),
    st.text(alphabet="甲 ,:x-", max_size=5),
    st.sampled_from(["", " ", "-", "."]),
)
def test_no_telephone_number_can_be_read_from_a_quoted_value(phone: str, before: str, after: str, between: str) -> None:
    written = between.join([phone[:3], phone[3:7], phone[7:]])
    shown = without_numbers(f"{before}{written}{after}")
    assert re.sub(r"\D", "", phone)[3:-2] not in re.sub(r"\D", "", shown)
    assert shown.count("*") >= 4
