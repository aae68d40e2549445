"""What a caller is shown of a receipt."""

from typing import Any

from pydantic import BaseModel

from shared.events.sync import Verdict


class RowView(BaseModel):
    """The verdict on one row. `before` and `after` are the fields that a change changed."""

    row: int
    source_id: str | None = None
    verdict: Verdict
    field: str | None = None
    code: str | None = None
    message: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
