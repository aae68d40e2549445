"""Open value sets: the values that are known today, each with its Chinese name; more may be added at any time.

A set is an `OpenSet`, a member per value. A contract declares a field of it as `Annotated[Kind | str, Open(Kind)]`: what is
known is read as a member, what a newer producer added is kept as its text, and the JSON Schema names the known values in
`x-extensible-enum` instead of `enum`. So an addition breaks no reader and parks no message. Requests are another matter:
they declare the closed set (`kind: Kind`), because a value that the server does not know cannot be acted on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class OpenSet(StrEnum):
    """A set that grows. A member is declared as `VALUE = "value", "中文名"`."""

    chinese: str

    def __new__(cls, value: str, chinese: str = "") -> "OpenSet":
        # The default is for type checkers alone, to whom `Kind("platform")` is a call of this.
        member = str.__new__(cls, value)
        member._value_ = value
        member.chinese = chinese
        return member


@dataclass(frozen=True)
class Open:
    """Marks a field whose values are those of an open set."""

    known: type[OpenSet]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._read, core_schema.str_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "x-extensible-enum": [each.value for each in self.known]}

    def _read(self, text: str) -> OpenSet | str:
        return member_or_text(self.known, text)


def member_or_text(known: type[OpenSet], text: str) -> OpenSet | str:
    """The member of the set with this value, or the text itself where this code does not know it yet."""
    try:
        return known(text)
    except ValueError:
        return text


def chinese_name(known: type[OpenSet], text: str) -> str:
    """The Chinese name of a value, or the value itself where this code does not know it yet."""
    found = member_or_text(known, text)
    return found.chinese if isinstance(found, OpenSet) else found


def labels(known: type[OpenSet]) -> Mapping[str, str]:
    """Every value of a set with its Chinese name, in the order of their declaration."""
    return {each.value: each.chinese for each in known}


def chinese_names(values: Sequence[str]) -> list[str] | None:
    """The Chinese names of values that belong to one set, or None where no set has them all.

    A text without Latin letters is its own name.
    """
    if not any(each.isascii() for each in values):
        return list(values)
    for known in OpenSet.__subclasses__():
        names = labels(known)
        if all(each in names for each in values):
            return [names[each] for each in values]
    return None
