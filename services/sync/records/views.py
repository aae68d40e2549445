"""What everybody is shown of records, and of how fresh each city's lists are. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.sync.intake.batch import Batch
from services.sync.records.record import NUMBERED_FROM, StoredRecord
from services.sync.records.rhythms import USUAL_DAYS, Rhythm, is_stale
from shared.aggregates.aggregates import Stored
from shared.events.payload import Instant
from shared.events.sync import Kind, RecordState, Verdict
from shared.values.jurisdictions import Jurisdiction


class RecordView(RecordState):
    """A record with where it comes from."""

    version: int


class VersionView(RecordView):
    """A state of a record: the batch and the row that wrote it, and since when others could see it.

    `row` is null for what a snapshot withdrew and where it is not known; `approved_by` is who approved the batch that wrote it,
    null where nobody had to or for those who may not see the batch.
    """

    verdict: Verdict
    row: int | None
    at: Instant
    approved_by: str | None


class ChangeView(BaseModel):
    """One state of a record in the change feed; `record` is null when it was deleted. Coordinates are GCJ-02, never others."""

    op: Literal["upsert", "delete"]
    jurisdiction: Jurisdiction
    kind: Kind
    source_id: str
    version: int
    at: Instant
    record: RecordView | None


class ChangesView(BaseModel):
    """Changes in the order of each list. `next_cursor` is where to go on, also when there is nothing new: no items."""

    items: list[ChangeView]
    next_cursor: str


class ListView(BaseModel):
    """How a list stands. `age_seconds` is since the last good batch was committed; null where none ever was. `stale`: that is
    longer than the `expected_days` of the city's rhythm."""

    kind: Kind
    records: int
    last_batch_at: Instant | None
    age_seconds: int | None
    rejected_share: float
    expected_days: int
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


class RhythmView(BaseModel):
    """Within how many days a city's lists are expected: `days` of the kinds that it named, `usual_days` of all others.
    `version` 0: nothing was set yet."""

    jurisdiction: Jurisdiction
    days: Mapping[str, int]
    usual_days: int
    set_at: Instant | None
    version: int


class ConfirmedCodeView(BaseModel):
    """A credit code that an operator confirmed although its check digit is wrong."""

    credit_code: str
    confirmed_at: Instant


def record_view(record: StoredRecord) -> RecordView:
    """The record as everybody may see it."""
    return RecordView(**record.state.model_dump(), version=record.version)


def version_view(record: StoredRecord, batch: Batch | None, *, approver: bool) -> VersionView:
    """A state with where it comes from; who approved it only for those who may see its batch."""
    is_a_row = record.row and (batch is None or record.row <= batch.rows) and record.row < NUMBERED_FROM
    return VersionView(
        **record_view(record).model_dump(),
        verdict=record.verdict,
        row=record.row if is_a_row else None,
        at=record.seen_at,
        approved_by=batch.approved_by if batch and approver else None,
    )


def change_view(record: StoredRecord) -> ChangeView:
    """The state as a change."""
    state = record.state
    return ChangeView(
        op="delete" if state.deleted else "upsert",
        jurisdiction=state.jurisdiction,
        kind=Kind(state.kind),
        source_id=state.source_id,
        version=record.version,
        at=record.seen_at,
        record=None if state.deleted else record_view(record),
    )


def rhythm_view(stored: Stored[Rhythm]) -> RhythmView:
    """The rhythm of a city."""
    rhythm = stored.state
    return RhythmView(
        jurisdiction=rhythm.id, days=rhythm.days, usual_days=USUAL_DAYS, set_at=rhythm.set_at, version=stored.revision
    )


def jurisdiction_view(
    rhythm: Rhythm, lists: Sequence[dict[str, Any]], at: datetime, portal_url: str | None = None
) -> JurisdictionView:
    """The jurisdiction of a rhythm with its own platform and its lists."""
    jurisdiction = rhythm.id
    return JurisdictionView(
        jurisdiction=jurisdiction,
        name=jurisdiction.chinese,
        code=jurisdiction.code,
        portal_url=portal_url,
        kinds=[_list_view(each, rhythm.of(each["kind"]), at) for each in lists if each["jurisdiction"] == jurisdiction],
    )


def _list_view(kept: dict[str, Any], days: int, at: datetime) -> ListView:
    last: datetime | None = kept.get("last_batch_at")
    age = at - last if last else None
    return ListView(
        kind=kept["kind"],
        records=kept["records"],
        last_batch_at=last,
        age_seconds=None if age is None else max(0, int(age.total_seconds())),
        rejected_share=kept.get("rejected_share", 0.0),
        expected_days=days,
        stale=is_stale(last, days, at),
    )
