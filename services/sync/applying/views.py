"""What a caller is shown of a receipt."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.events.sync import Verdict

_OnlyIfSaid = Field(exclude_if=lambda value: value is None)
"""What few rows have is not there in the others."""


class SuggestionView(BaseModel):
    """What to write into a field, where there is one right value; `column` is what the file calls the field."""

    field: str
    value: str
    column: str | None = None


class FaultView(BaseModel):
    """What is wrong in a row that another fault rejects."""

    field: str | None = None
    code: str
    message: str
    column: str | None = None
    suggestions: Annotated[list[SuggestionView] | None, _OnlyIfSaid] = None


class FieldView(BaseModel):
    """A field, and what the file calls it."""

    field: str
    column: str | None = None


class AlteredView(BaseModel):
    """What became of a value. `code`, `message` and `column` (what the file calls the field) stand with what was left out or
    looks wrong: a warning. `beside` is another field that the fault may lie in, as one of two coordinates."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    field: str
    before: Annotated[str | None, Field(alias="from")]
    after: Annotated[str | None, Field(alias="to")]
    rule: str
    code: str | None = None
    message: str | None = None
    column: Annotated[str | None, _OnlyIfSaid] = None
    beside: Annotated[FieldView | None, _OnlyIfSaid] = None
    suggestions: Annotated[list[SuggestionView] | None, _OnlyIfSaid] = None


class AtView(BaseModel):
    """Where a row stands in the file that was pushed; `column` is what the file calls the field."""

    sheet: str | None = None
    line: int
    column: str | None = None


class RowView(BaseModel):
    """The verdict on one row. `before` and `after` are the fields that a change changed; `normalized` lists what was altered
    on the way from the row to the record, and what was left out of it; `also` what else is wrong in a row that was rejected."""

    row: int
    source_id: str | None = None
    verdict: Verdict
    field: str | None = None
    code: str | None = None
    message: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    normalized: list[AlteredView] | None = None
    at: AtView | None = None
    suggestions: Annotated[list[SuggestionView] | None, _OnlyIfSaid] = None
    also: Annotated[list[FaultView] | None, _OnlyIfSaid] = None


class WithdrawalView(BaseModel):
    """A record that a snapshot lacks."""

    source_id: str
    title: str
