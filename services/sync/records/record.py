"""A record of a city as it is kept: pure."""

from dataclasses import dataclass
from typing import Any

from shared.events.envelope import Event, event
from shared.events.sync import Kind, RecordState, Verdict
from shared.values.jurisdictions import Jurisdiction

Fields = dict[str, Any]


@dataclass(frozen=True)
class StoredRecord:
    """A record as it stands: `version` is the seq of the batch that wrote it, `verdict` and `before` what that did."""

    version: int
    verdict: Verdict
    digest: str
    before: Fields | None
    state: RecordState


def record_id(state: RecordState) -> str:
    """What names a record everywhere."""
    return record_id_of(state.jurisdiction, state.kind, state.source_id)


def record_id_of(jurisdiction: Jurisdiction, kind: Kind | str, source_id: str) -> str:
    """`jurisdiction/kind/source_id`."""
    return f"{jurisdiction}/{kind}/{source_id}"


def published(record: StoredRecord, traceparent: str | None = None) -> Event:
    """The event of its last write: the same whenever it is made."""
    state = record.state
    return event(
        f"record.{record.verdict}",
        record_id(state),
        record.version,
        state.updated_at,
        state,
        jurisdiction=state.jurisdiction,
        traceparent=traceparent,
    )
