"""The verdict on a row: what it says, against what is stored, in the light of its batch.

The same row, record and batch always give the same verdict, also after this very batch has written the record: the
record remembers the verdict of its last write, so a chunk done again comes out the same and is published again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.sync.intake.batch import Batch
from services.sync.records.record import Fields, StoredRecord, digest_of
from services.sync.rows.alterations import Alteration
from services.sync.rows.duplicates import superseded
from services.sync.rows.places import At
from services.sync.rows.reading import Content, Deletion, Reading
from services.sync.rows.rejections import NOTES, Rejection
from services.sync.rows.suggestions import Suggestion
from shared.events.sync import RecordState, Verdict, VerdictCounts


class Superseded(Exception):
    """A record carries a later seq than the batch: whoever meets this works on a batch that others have finished."""


@dataclass(frozen=True)
class Outcome:
    """The verdict on one row, and the record as it is to be written and published, if it is."""

    verdict: Verdict
    source_id: str | None
    field: str | None = None
    code: str | None = None
    message: str | None = None
    before: Fields | None = None
    after: Fields | None = None
    record: StoredRecord | None = None
    altered: tuple[Alteration, ...] = ()
    at: At | None = None
    suggestions: tuple[Suggestion, ...] = ()
    also: tuple[Rejection, ...] = ()

    @property
    def warns(self) -> bool:
        """Whether the row was taken without something, or looks wrong."""
        return any(each.warns for each in self.altered)


def decide_chunk(
    batch: Batch,
    first_row: int,
    readings: Sequence[Reading],
    stored: Mapping[str, StoredRecord],
    winning: Mapping[int, int],
    places: Mapping[int, At | None],
) -> list[Outcome]:
    """One outcome per row, in order. `first_row` counts from 1; `stored` goes by source_id, `winning` by row; `places` says where
    the rows stand in the city's file that win over some of these."""
    outcomes = []
    for row, reading in enumerate(readings, first_row):
        source_id = reading.source_id or ""
        if row in winning:
            said = superseded(source_id, winning[row], places.get(winning[row]))
            outcomes.append(Outcome("duplicate", source_id, code="superseded_in_batch", message=said, at=reading.at))
        else:
            outcomes.append(_of_row(row, decide(batch, reading, stored.get(source_id))))
    return outcomes


def _of_row(row: int, outcome: Outcome) -> Outcome:
    """The record knows which row wrote it."""
    return replace(outcome, record=replace(outcome.record, row=row)) if outcome.record else outcome


def decide(batch: Batch, reading: Reading, stored: StoredRecord | None) -> Outcome:
    """The verdict on the last row of its source_id in the batch, with what was altered in it.

    Of a row that is what was there already, alterations were told when it came; warnings stand until they are heeded.
    """
    outcome = _decided(batch, reading, stored)
    altered = reading.altered if isinstance(reading, Content) else ()
    if outcome.verdict == "unchanged":
        altered = tuple(each for each in altered if each.warns)
        if not altered and outcome.code is None:
            return outcome
    return replace(outcome, altered=altered, at=reading.at)


def _decided(batch: Batch, reading: Reading, stored: StoredRecord | None) -> Outcome:
    if isinstance(reading, Rejection):
        why = (reading.field, reading.code, reading.message)
        return Outcome("rejected", reading.source_id, *why, suggestions=reading.suggestions, also=reading.also)
    if stored is not None and batch.seq is not None and stored.version >= batch.seq:
        return _remembered(batch, reading.source_id, stored)
    if isinstance(reading, Deletion):
        return _deletion(batch, reading, stored)
    return _upsert(batch, reading, stored)


def _remembered(batch: Batch, source_id: str, stored: StoredRecord) -> Outcome:
    """The record was already written by this batch: the same verdict again, and the same publication."""
    if stored.version != batch.seq:
        raise Superseded(f"{batch.id}: record {source_id} is at {stored.version}, the batch at {batch.seq}")
    return _written(stored, batch)


def withdrawn(batch: Batch, stored: StoredRecord, number: int) -> StoredRecord:
    """A record that a snapshot lacks, as it is to be written and published: the same again once it is. `number` counts from 1
    what the snapshot withdraws."""
    assert batch.seq is not None, "a batch without its place withdraws nothing"
    if stored.version > batch.seq:
        raise Superseded(
            f"{batch.id}: record {stored.state.source_id} is at {stored.version}, the batch at {batch.seq}"
        )
    return replace(_deleted(batch, stored), row=batch.rows + number)


def _deletion(batch: Batch, deletion: Deletion, stored: StoredRecord | None) -> Outcome:
    if stored is None or stored.state.deleted:
        message = NOTES["nothing_to_delete"].format(source_id=deletion.source_id)
        return Outcome("unchanged", deletion.source_id, code="nothing_to_delete", message=message)
    return _written(_deleted(batch, stored), batch)


def _deleted(batch: Batch, stored: StoredRecord) -> StoredRecord:
    touched = {"deleted": True, "batch_id": batch.id, "updated_at": batch.committed_at}
    return _record(batch, "deleted", stored.digest, stored.state.model_copy(update=touched))


def _upsert(batch: Batch, content: Content, stored: StoredRecord | None) -> Outcome:
    digest = digest_of(content.fields)
    live = stored if stored is not None and not stored.state.deleted else None
    if live and live.digest == digest:
        return Outcome("unchanged", content.source_id)
    state = RecordState(
        **content.fields,
        jurisdiction=batch.jurisdiction,
        kind=batch.kind,
        batch_id=batch.id,
        updated_at=batch.committed_at,
    )
    if live is None:
        return _written(_record(batch, "added", digest, state), batch)
    old = live.state.model_dump(mode="json")
    before = {name: old[name] for name, value in content.fields.items() if old[name] != value}
    return _written(_record(batch, "changed", digest, state, before), batch)


def _record(
    batch: Batch, verdict: Verdict, digest: str, state: RecordState, before: Fields | None = None
) -> StoredRecord:
    assert batch.seq is not None, "a batch without its place has no verdicts"
    return StoredRecord(batch.seq, verdict, digest, before, state)


def _written(record: StoredRecord, batch: Batch) -> Outcome:
    now = record.state.model_dump(mode="json") if record.before is not None else {}
    return Outcome(
        record.verdict,
        record.state.source_id,
        before=record.before,
        after={name: now[name] for name in record.before} if record.before is not None else None,
        record=None if batch.dry_run else record,
    )


def counted(outcomes: Iterable[Outcome]) -> VerdictCounts:
    """How many rows met which verdict."""
    return VerdictCounts.model_validate(Counter(outcome.verdict for outcome in outcomes))


def added_up(one: VerdictCounts, other: VerdictCounts) -> VerdictCounts:
    """Both together."""
    return VerdictCounts.model_validate(Counter(one.model_dump()) + Counter(other.model_dump()))
