"""Telephone numbers as people type them."""

from shared.values.problems import FieldError
from shared.values.validation import invalid

FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "})


def phone_of(text: str, field: str) -> str:
    """The number as it is kept: half-width. Refused on the field when it cannot be dialled."""
    phone = text.translate(FULL_WIDTH).strip()
    digits = [character for character in phone if character.isascii() and character.isdecimal()]
    if 5 <= len(digits) <= 20 and all(character in "0123456789+-() " for character in phone):
        return phone
    raise invalid(FieldError(field, "bad_phone", "请填写可以拨打的电话号码，例如 0512-12345678"))
