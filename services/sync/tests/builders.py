"""Valid things to test with; a test shows only what it changes."""

from datetime import UTC, datetime
from typing import Any

import orjson

from services.sync.applying.verdicts import Outcome, decide
from services.sync.intake.batch import Batch, Place
from services.sync.records.record import StoredRecord
from services.sync.rows.reading import Content, Pushed, Reading, read_row
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


def row(**fields: Any) -> dict[str, Any]:
    """A row as a city sends it."""
    return {"source_id": "NT-001", "title": "南通新材料中试基地", **fields}


def line(**fields: Any) -> bytes:
    """The row as NDJSON."""
    return orjson.dumps(row(**fields))


def read(kind: Kind = Kind.PLATFORM, **fields: Any) -> Reading:
    """What the row says."""
    return read_row(line(**fields), Pushed(kind, CoordinateSystem.GCJ02))


def content(**fields: Any) -> dict[str, Any]:
    """What is published of the row; fails when the row is rejected."""
    reading = read(**fields)
    assert isinstance(reading, Content), reading
    return reading.fields


def batch(**changed: Any) -> Batch:
    """A committed batch of one row."""
    values: dict[str, Any] = {
        "id": "batch-1",
        "jurisdiction": Jurisdiction.NANTONG,
        "kind": Kind.PLATFORM,
        "dry_run": False,
        "coordinates": "gcj02",
        "rows": 1,
        "sha256": "0" * 64,
        "pushed_by": "agent-1",
        "created_at": AT,
        "state": "processing",
        "seq": 1,
        "parts": 1,
        "committed_at": AT,
    }
    return Batch(**{**values, **changed})


def open_batch(**changed: Any) -> Batch:
    """A batch that waits for its parts."""
    return batch(**{"state": "open", "seq": None, "parts": None, "committed_at": None, **changed})


def place(of: Batch, seq: int, parts: int = 1) -> Place:
    """The batch's place in the order."""
    return Place(
        jurisdiction=of.jurisdiction, seq=seq, batch_id=of.id, list=of.list, parts=parts, at=AT, round=of.round
    )


def judged(stored: StoredRecord | None = None, by: Batch | None = None, **fields: Any) -> Outcome:
    """The verdict on the row."""
    return decide(by or batch(), read(**fields), stored)


def stored(by: Batch | None = None, **fields: Any) -> StoredRecord:
    """A record that an earlier batch wrote."""
    outcome = judged(by=by, **fields)
    assert outcome.record
    return outcome.record
