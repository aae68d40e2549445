"""What everybody is shown of records, and of how fresh each city's lists are. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.sync.records.record import StoredRecord
from shared.events.payload import Instant
from shared.events.sync import Kind, RecordState
from shared.values.jurisdictions import Jurisdiction

STALE_AFTER = timedelta(days=30)
"""A list whose last good batch is older is shown as stale."""


class RecordView(RecordState):
    """A record with where it comes from."""

    version: int


class ListView(BaseModel):
    """How a list stands. `age_seconds` is since the last good batch was committed; null where none ever was."""

    kind: Kind
    records: int
    last_batch_at: Instant | None
    age_seconds: int | None
    rejected_share: float
    stale: bool


class JurisdictionView(BaseModel):
    """One of the eight with the lists that it keeps here."""

    jurisdiction: Jurisdiction
    name: str
    code: str
    portal_url: str | None
    kinds: list[ListView]


class ColumnView(BaseModel):
    """A column of a list: `name` is the field's path in a row, `synonyms` are headers by which it is known as well."""

    name: str
    title: str
    type: str
    description: str | None = None
    example: str | None = None
    constraints: dict[str, Any] | None = None
    synonyms: list[str] = []


class TableSchemaView(BaseModel):
    """A Frictionless Table Schema of the lists of a kind."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    name: Kind
    title: str
    fields: list[ColumnView]
    primary_key: Annotated[str, Field(alias="primaryKey")]
    missing_values: Annotated[list[str], Field(alias="missingValues")]


class PortalView(BaseModel):
    """Where a city's station on the map leads; `portal_url` null: nowhere."""

    jurisdiction: Jurisdiction
    portal_url: str | None
    set_at: Instant | None


class ConfirmedCodeView(BaseModel):
    """A credit code that an operator confirmed although its check digit is wrong."""

    credit_code: str
    confirmed_at: Instant


def record_view(record: StoredRecord) -> RecordView:
    """The record as everybody may see it."""
    return RecordView(**record.state.model_dump(), version=record.version)


def jurisdiction_view(
    jurisdiction: Jurisdiction, lists: Sequence[dict[str, Any]], at: datetime, portal_url: str | None = None
) -> JurisdictionView:
    """A jurisdiction with its own platform and its lists."""
    return JurisdictionView(
        jurisdiction=jurisdiction,
        name=jurisdiction.chinese,
        code=jurisdiction.code,
        portal_url=portal_url,
        kinds=[_list_view(each, at) for each in lists if each["jurisdiction"] == jurisdiction],
    )


def _list_view(kept: dict[str, Any], at: datetime) -> ListView:
    last: datetime | None = kept.get("last_batch_at")
    age = at - last if last else None
    return ListView(
        kind=kept["kind"],
        records=kept["records"],
        last_batch_at=last,
        age_seconds=None if age is None else max(0, int(age.total_seconds())),
        rejected_share=kept.get("rejected_share", 0.0),
        stale=age is None or age > STALE_AFTER,
    )
