"""What the routes take, beside the parts of a batch."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.sync.intake.batch import MAX_ROWS, Mode
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction
from shared.values.readable import LINE

FieldPath = Annotated[str, Field(max_length=100)]
ColumnName = Annotated[str, Field(max_length=200), LINE]


class Written(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewAgent(Written):
    """A city's agent by its public key."""

    jurisdiction: Jurisdiction
    name: Annotated[str, Field(min_length=1, max_length=100), LINE]
    public_key: Annotated[str, Field(max_length=100)]


class NewBatch(Written):
    """A batch as it is announced. `sha256` is of all parts, inflated, in order; `columns` is what the city's file calls the
    fields, for the receipt. A snapshot may have no rows."""

    jurisdiction: Jurisdiction
    kind: Kind
    mode: Mode
    dry_run: Annotated[bool, Field(strict=True)] = False
    coordinates: CoordinateSystem | None = None
    rows: Annotated[int, Field(strict=True, ge=0, le=MAX_ROWS)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    columns: Annotated[dict[FieldPath, ColumnName], Field(max_length=100)] = {}
