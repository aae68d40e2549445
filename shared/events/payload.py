"""What every payload on the bus has in common."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs an offset")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("an instant needs a year of UTC from 1 to 9999") from error


def rfc3339(value: datetime) -> str:
    """An instant as it stands on every wire: UTC, milliseconds, `2026-12-31T15:59:59.999Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, AfterValidator(_utc), PlainSerializer(rfc3339, return_type=str, when_used="json")]
"""A moment in UTC; written with milliseconds and a Z."""


class Payload(BaseModel):
    """The state that readers of a topic may see. Frozen; a field that a newer producer added is ignored.

    What is wrong with one is told without its values: the text goes into dead letters, which more people read.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
