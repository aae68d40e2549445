"""Telephone numbers as people type them: one rule for profiles, organisations, challenges and the rows of cities.

Full-width digits, blanks, hyphens, brackets and +86 are forgiven. What is kept has one form for each kind of number:
`13812345678`, `0512-12345678`, `0512-12345678-801` (extension), `62345678` (local), `4008208820`, `12345`, `95588`,
`+85221234567`. Area codes have three digits (010, 02x) or four (03xx to 09xx). Source: 电信网编号计划（2017 年版）, MIIT.
"""

import re
from functools import lru_cache

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "})
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－ー"), "-")
LONGEST = 40
"""Nobody dials more characters; what is longer is refused before any pattern is tried."""

_EXTENSION = re.compile(r"(?:(?:转|轉|分机号?|ext\.?|x|#|,)\s*-?|(?<=\d{7})-)(\d{1,6})$", re.IGNORECASE)
_CHINA = re.compile(r"(?:\+|00)86[ -]*")
_FILLING = re.compile(r"[ ()-]+")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})")
_OTHERS = re.compile(
    r"1[3-9]\d{9}"  # mobile
    r"|[48]00\d{7}"  # free or shared calls
    r"|1[0-2]\d{3}|9[56]\d{3,6}"  # hotlines: 12345, 10086, 95588, 96122
    r"|[2-8]\d{6,7}"  # local
)
_ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}")
SENTENCE = "请填写可以拨打的电话号码，例如 13800000000、0512-12345678、0512-12345678-801 或 12345"


@lru_cache(10_000)
def understood(text: str) -> str | None:
    """The number in the form in which it is kept, or None when it is none that one could dial."""
    if len(text) > LONGEST:
        return None
    number, extension = _parted(text.translate(FULL_WIDTH).translate(_DASHES).strip())
    prefix = _CHINA.match(number)
    bare = _FILLING.sub("", number[prefix.end() :] if prefix else number)
    if prefix and not bare.startswith("0") and not _OTHERS.fullmatch(bare):
        bare = f"0{bare}"
    if landline := _LANDLINE.fullmatch(bare):
        return f"{landline[1]}-{landline[2]}{f'-{extension}' if extension else ''}"
    if _OTHERS.fullmatch(bare) or (not prefix and _ABROAD.fullmatch(bare)):
        return f"{bare}-{extension}" if extension else bare
    return None


def _parted(text: str) -> tuple[str, str]:
    """A number and its extension, which may be empty."""
    extension = _EXTENSION.search(text)
    return (text[: extension.start()].rstrip(" -"), extension[1]) if extension else (text, "")


def _checked(text: str) -> str:
    phone = understood(text)
    if phone is None:
        raise PydanticCustomError("bad_phone", SENTENCE)
    return phone


PHONE = AfterValidator(_checked)
"""Beside the length of a field: `Annotated[str, Field(max_length=LONGEST), PHONE]` takes a number that one could dial."""
