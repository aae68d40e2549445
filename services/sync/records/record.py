"""A record of a city as it is kept: pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast, get_args

import orjson

from shared.events.envelope import Event, event
from shared.events.sync import Kind, RecordState, Verdict
from shared.values.jurisdictions import Jurisdiction

Fields = dict[str, Any]


@dataclass(frozen=True)
class StoredRecord:
    """A record as it stands: `version` is the seq of the batch that wrote it, `verdict` and `before` what that did.

    `row` is the number of the row that wrote it, counted from 1; what a snapshot withdraws is counted on after its last row. 0:
    not known. `at` is when others could see it, once they can.
    """

    version: int
    verdict: Verdict
    digest: str
    before: Fields | None
    state: RecordState
    row: int = 0
    at: datetime | None = field(default=None, compare=False)

    @property
    def position(self) -> int:
        """Where it stands among all that was ever written to its list."""
        return position_of(self.version, self.row)

    @property
    def seen_at(self) -> datetime:
        """When others could see it; of what was written before that was kept, when its batch was committed."""
        return self.at or self.state.updated_at


_ROWS = 1 << 24
NUMBERED_FROM = 1 << 23
"""More than the rows of a batch and the records that it can withdraw. From here on are those of which no row is known."""


def position_of(seq: int, row: int) -> int:
    """The place of a row among all rows that were ever applied to a list."""
    return seq * _ROWS + row


def end_of(seq: int) -> int:
    """The place after everything that the batch can have written, and before the next batch."""
    return position_of(seq + 1, -1)


def seq_of(position: int) -> int:
    """The batch in which a place lies."""
    return position // _ROWS


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


_PROVENANCE = {"jurisdiction", "kind", "batch_id", "updated_at", "deleted"}


def taken_from_log(told: Event) -> StoredRecord | None:
    """The record as the log knows it, which is whole but for what the last batch changed. None for what is no record."""
    verdict = told.type.short.removeprefix("record.")
    if not isinstance(told.data, RecordState) or verdict not in get_args(Verdict):
        return None
    content = told.data.model_dump(mode="json", exclude=_PROVENANCE)
    return StoredRecord(told.version, cast(Verdict, verdict), digest_of(content), None, told.data)


def digest_of(fields: Fields) -> str:
    """SHA-256 of the content as canonical JSON: keys sorted, no blanks."""
    return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()


def document_of(record: StoredRecord, at: datetime) -> dict[str, Any]:
    """The record as it is stored; `at` is when others can see it."""
    return {
        "_id": record_id(record.state),
        "version": record.version,
        "position": record.position if record.row else None,
        "verdict": record.verdict,
        "digest": record.digest,
        "before": record.before,
        "state": record.state.model_dump(),
        "at": at,
    }


def record_of(document: Mapping[str, Any]) -> StoredRecord:
    """The record that is stored so."""
    position = document.get("position")
    return StoredRecord(
        document["version"],
        document["verdict"],
        document["digest"],
        document["before"],
        RecordState.model_validate(document["state"]),
        row=position % _ROWS if position is not None else 0,
        at=document.get("at"),
    )
