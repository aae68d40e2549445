"""A record of a city as it is kept: pure."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast, get_args

import orjson

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
