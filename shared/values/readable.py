"""Text that people write for people: nothing in it that nobody can see, and nothing at all where that is all there is.

What goes: zero-width characters, marks that turn the direction of what follows, controls, fillers. What stays, since it
changes what is seen: a variation selector after its character, a joiner between two emoji. Cleaning twice changes nothing.
"""

import re
import unicodedata
from collections.abc import Callable

from pydantic import BeforeValidator

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and the interlinear annotation marks."""
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
"""C0 and C1 without those that are white space to Python."""
_EMPTY_BRAILLE = "\u2800"
_BLANK = rf"\s{_EMPTY_BRAILLE}"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_EMOJI = "\u2190-\u27bf\u2900-\u2bff\U0001f000-\U0001faff"

_UNSEEN = re.compile(
    f"((?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f)\u200d(?=[{_EMOJI}])"
    f"|(?<=[^{_IGNORABLE}{_CONTROLS}{_BLANK}])[{_SELECTORS}])"
    f"|[{_IGNORABLE}{_CONTROLS}]"
)
"""What goes; the group is what stays."""
_BLANKS = re.compile(f"[{_BLANK}]+")
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1f\x85\u2028\u2029]")
_PRINTABLE_BUT_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What `str.isprintable` lets through."""
_SHOWS_NOTHING = frozenset(("Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"))
"""General categories that show nothing by themselves: controls, formats, marks, blanks."""


def line(text: str) -> str:
    """One line: single blanks, trimmed."""
    if text.isprintable() and "  " not in text and not _PRINTABLE_BUT_UNSEEN.search(text):
        return _worth_reading(text.strip())
    return _worth_reading(_BLANKS.sub(" ", seen(text)).strip())


def prose(text: str) -> str:
    """Text of several lines, trimmed: line breaks are \\n, a tab is a blank, other blanks stay as they are."""
    return _worth_reading(_BREAKS.sub("\n", seen(text)).replace("\t", " ").strip())


def seen(text: str) -> str:
    """Without what cannot be seen; white space of every kind stays."""
    if text.isprintable() and not _PRINTABLE_BUT_UNSEEN.search(text):
        return text
    return _UNSEEN.sub(lambda found: found[1] or "", text)


def _worth_reading(text: str) -> str:
    """The text, or nothing when it is marks and blanks alone."""
    shows = (each != _EMPTY_BRAILLE and unicodedata.category(each) not in _SHOWS_NOTHING for each in text)
    return text if any(shows) else ""


def _of_a_text(clean: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


LINE = _of_a_text(line)
"""Beside the lengths of a field: `Annotated[str, Field(min_length=1, max_length=100), LINE]` asks for a visible character."""
PROSE = _of_a_text(prose)
"""The same for texts of several lines."""
