"""统一社会信用代码: the 18 characters that identify an organisation across all eight jurisdictions.

Source: GB 32100-2015. The alphabet leaves out I, O, S, V, Z; the last character makes the weighted sum a multiple of 31.
"""

from functools import lru_cache

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = [pow(3, position, 31) for position in range(17)]


@lru_cache(10_000)
def is_credit_code(text: str) -> bool:
    """Whether the text is a well-formed code with the right check character. Capitals only."""
    if len(text) != 18 or any(character not in _VALUE for character in text):
        return False
    return check_character(text[:17]) == text[17]


def check_character(first_seventeen: str) -> str:
    """The character that completes a code. KeyError for a character outside the alphabet."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]
