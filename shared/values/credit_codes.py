"""统一社会信用代码: the 18 characters that identify an organisation across all eight jurisdictions.

Source: GB 32100-2015. The alphabet leaves out I, O, S, V, Z; the last character makes the weighted sum a multiple of 31. The
first character is the department that registered, the second the class of what it registered.
"""

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = [pow(3, position, 31) for position in range(17)]

_CLASSES = {
    "1": "1239",  # 机构编制: 机关、事业单位、群众团体
    "2": "19",  # 外交
    "3": "123459",  # 司法行政
    "4": "19",  # 文化
    "5": "1239",  # 民政: 社会团体、民办非企业单位、基金会
    "6": "129",  # 旅游
    "7": "129",  # 宗教
    "8": "19",  # 工会
    "9": "1239",  # 工商: 企业、个体工商户、农民专业合作社
    "A": "19",  # 中央军委改革和编制办公室
    "N": "1239",  # 农业: 集体经济组织
    "Y": "1",  # 其他
}
_PERSON = re.compile(r"[1-9]\d{5}((?:18|19|20)\d{2})(\d{2})(\d{2})\d{3}[\dX]")
_PERSON_WEIGHTS = [pow(2, 17 - position, 11) for position in range(17)]
_PERSON_CHECKS = "10X98765432"


class Fault(StrEnum):
    """What is wrong with a text that should be a code."""

    FORM = "form"  # not 18 characters of the alphabet, or of no class of the standard
    PERSON = "person"
    CHECK_DIGIT = "check_digit"


@lru_cache(10_000)
def fault_of(text: str) -> Fault | None:
    """What is wrong with the code, capitals only, blanks removed. None for a good one.

    Some real bodies have codes of which the check character alone is wrong.
    """
    if _is_of_a_person(text) and (_is_citizen_id(text) or not is_credit_code(text)):
        return Fault.PERSON
    if not _is_well_formed(text) or text[1] not in _CLASSES.get(text[0], ""):
        return Fault.FORM
    return None if is_credit_code(text) else Fault.CHECK_DIGIT


@lru_cache(10_000)
def is_credit_code(text: str) -> bool:
    """Whether the text is a well-formed code with the right check character. Capitals only."""
    return _is_well_formed(text) and check_character(text[:17]) == text[17]


def check_character(first_seventeen: str) -> str:
    """The character that completes a code. KeyError for a character outside the alphabet."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def _is_well_formed(text: str) -> bool:
    return len(text) == 18 and all(character in _VALUE for character in text)


def _is_of_a_person(text: str) -> bool:
    """Whether it looks like a 公民身份号码 (GB 11643): a place, then a date of birth."""
    found = _PERSON.fullmatch(text)
    if found is None:
        return False
    try:
        date(*map(int, found.groups()))
    except ValueError:
        return False
    return True


def _is_citizen_id(text: str) -> bool:
    """Whether the check character of what looks like one is right."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _PERSON_WEIGHTS, strict=True))
    return _PERSON_CHECKS[total % 11] == text[17]
