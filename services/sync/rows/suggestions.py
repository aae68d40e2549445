"""What a faulty value should be, where there is one right value. It is for people to accept: nothing is changed by it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.values.credit_codes import fault_of

_LOOKALIKES = str.maketrans("OISZ", "0152")
"""Letters that no code has (GB 32100), with the digits that they are taken for."""
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[:/][!-~]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """What to write into the field."""

    field: str
    value: str

    def shown(self, column: str | None) -> dict[str, Any]:
        """As a verdict lists it."""
        return {"field": self.field, "value": self.value, "column": column}


def suggestions(code: str, field: str | None, values: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    """For a fault of this code, whose message quotes these values. Mostly there are none."""
    found = _OF_CODE.get(code)
    return found(field or "", values) if found else ()


def _swapped(_: str, values: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    longitude, latitude = str(values["latitude"]), str(values["longitude"])
    return Suggestion("longitude", longitude), Suggestion("latitude", latitude)


def _code(field: str, values: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    """O for 0 and the like: only where the check digit says that this is the code."""
    code = str(values["value"]).translate(_LOOKALIKES)
    return (Suggestion(field, code),) if fault_of(code) is None else ()


def _with_scheme(field: str, values: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    """Every site answers to http, and sends on who asks to https."""
    host = str(values.get("value", "")).strip()
    return (Suggestion(field, f"http://{host}"),) if _HOST.fullmatch(host) else ()


_OF_CODE: Mapping[str, Callable[[str, Mapping[str, Any]], tuple[Suggestion, ...]]] = {
    "coordinates_swapped": _swapped,
    "credit_code_invalid": _code,
    "url_not_understood": _with_scheme,
}
