"""What clients see of sync, made of what is kept. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel

from services.sync.domain.agent import Agent
from services.sync.domain.batch import Batch, State
from services.sync.domain.verdicts import StoredRecord
from services.sync.wire import CoordinateSystem
from shared.events.payload import Instant
from shared.events.sync import Kind, RecordState, Verdict, VerdictCounts
from shared.values.jurisdictions import Jurisdiction

STALE_AFTER = timedelta(days=30)
"""A list whose last good batch is older is shown as stale."""


class ProgressView(BaseModel):
    """Rows with their verdict, of all."""

    done: int
    total: int


class BatchView(BaseModel):
    """A batch and its receipt so far."""

    id: str
    seq: int | None
    jurisdiction: Jurisdiction
    kind: Kind
    mode: Literal["delta"]
    dry_run: bool
    coordinates: CoordinateSystem | None
    state: State
    rows: int
    progress: ProgressView
    counts: VerdictCounts
    withdrawn: int
    created_at: Instant
    committed_at: Instant | None
    finished_at: Instant | None
    sha256: str
    pushed_by: str


class PartView(BaseModel):
    """A part that was kept."""

    part: int
    rows: int
    sha256: str


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


class RecordView(RecordState):
    """A record with where it comes from."""

    version: int


class AgentView(BaseModel):
    """An agent of a city."""

    id: str
    key_id: str
    jurisdiction: Jurisdiction
    name: str
    public_key: str
    created_at: Instant
    removed_at: Instant | None


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


def batch_view(batch: Batch, done: int, counts: VerdictCounts) -> BatchView:
    """The batch as it is shown. Nothing is ever withdrawn by a delta."""
    shown = batch.model_dump(exclude={"counts", "parts"})
    return BatchView(**shown, progress=ProgressView(done=done, total=batch.rows), counts=counts, withdrawn=0)


def record_view(record: StoredRecord) -> RecordView:
    """The record as everybody may see it."""
    return RecordView(**record.state.model_dump(), version=record.version)


def agent_view(agent: Agent) -> AgentView:
    """The agent as its city's operators see it."""
    return AgentView.model_validate(agent.model_dump())


def jurisdiction_view(jurisdiction: Jurisdiction, lists: Sequence[dict[str, Any]], at: datetime) -> JurisdictionView:
    """A jurisdiction with its lists."""
    return JurisdictionView(
        jurisdiction=jurisdiction,
        name=jurisdiction.chinese,
        code=jurisdiction.code,
        portal_url=None,
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
