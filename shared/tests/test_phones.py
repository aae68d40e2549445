"""Telephone numbers, as people type them."""

import pytest

from shared.values.phones import phone_of
from shared.values.problems import Refusal


@pytest.mark.parametrize(
    "phone", ["13812345678", "0512-12345678", "+86 (512) 1234 5678", "０５１２１２３４５６７８", "12345"]
)
def test_numbers_that_can_be_dialled_are_taken(phone: str) -> None:
    assert phone_of(phone, "phone").isascii()


@pytest.mark.parametrize("phone", ["1234", "1.38E+10", "请打手机", "1" * 21, "+" * 8])
def test_what_cannot_be_dialled_is_refused_on_its_field(phone: str) -> None:
    with pytest.raises(Refusal) as refused:
        phone_of(phone, "contact.phone")
    assert refused.value.errors[0].field == "contact.phone"
