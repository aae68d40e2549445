"""What may be shown of telephone numbers and other long numbers that name a person."""

import re

_DIGIT = "[0-9０-９〇零一二三四五六七八九]"
_NUMBER = re.compile(f"{_DIGIT}(?:[-−－—()（） .·/]{{0,3}}{_DIGIT}){{6,}}")
"""Seven digits or more, however they are separated."""
_DATE = re.compile(r"(?:19|20)\d\d(?:([-/.])\d{1,2}\1\d{1,2}|[01]\d[0-3]\d)")
_BESIDE_A_DATE = re.compile(rf"(?<!\d){_DATE.pattern}(?!\d)")
_MOBILE_DIGITS = 11
_SHORTEST = 7
"""A telephone number has so many digits."""
_LANDLINE = re.compile(r"(0\d{2,3})-\d{4}(\d{3,4})(?:-\d{1,6})?")
_HAS_EXTENSION = re.compile(r"\d{7,}-\d{1,6}")


def masked_phone(phone: str) -> str:
    """138****5678, 0512-****5678 without an extension; short numbers keep their last two digits only."""
    if landline := _LANDLINE.fullmatch(phone):
        return f"{landline[1]}-****{landline[2]}"
    phone = phone.partition("-")[0] if _HAS_EXTENSION.fullmatch(phone) else phone
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= _MOBILE_DIGITS else f"****{phone[-2:]}"


def without_numbers(text: str) -> str:
    """The text, with the middle of every number of seven digits and more hidden, and calendar dates left as they are.

    So a person finds the place in their own file, and nobody reads a telephone or an identity number from ours.
    """
    shown: list[str] = []
    end = 0
    for date in _BESIDE_A_DATE.finditer(text):
        shown += [_hidden(text[end : date.start()]), date.group()]
        end = date.end()
    return "".join([*shown, _hidden(text[end:])])


def without_digits(text: str) -> str:
    """What stands where a telephone number belongs, with all digits hidden but the last two, whatever is between them."""
    places = [place for place, each in enumerate(text) if re.fullmatch(_DIGIT, each)]
    hidden = set(places[:-2]) if len(places) >= _SHORTEST else set[int]()
    return "".join("*" if place in hidden else each for place, each in enumerate(text))


def _hidden(text: str) -> str:
    return _NUMBER.sub(lambda found: _masked(found.group()), text)


def _masked(number: str) -> str:
    """Three digits at the front of a long number, and the last two, stay."""
    places = [place for place, character in enumerate(number) if re.fullmatch(_DIGIT, character)]
    kept = {*places[: 3 if len(places) >= _MOBILE_DIGITS else 0], *places[-2:]}
    return "".join("*" if place in places and place not in kept else each for place, each in enumerate(number))
