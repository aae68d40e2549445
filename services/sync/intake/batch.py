"""The life of a batch: open → processing → applied | verified (dry run) | failed; or open → discarded, by time or by its city.

A snapshot that withdraws much goes from processing to awaiting_approval, and back or to discarded (snapshots.py).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from services.sync import problems
from services.sync.wire import CoordinateSystem
from shared.aggregates.adopting import Told
from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Kept
from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch, BatchState, Kind, VerdictCounts
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

State = Literal["open", "processing", "awaiting_approval", "applied", "verified", "failed", "discarded"]
Mode = Literal["delta", "snapshot"]

MAX_PARTS = 4_000
MAX_ROWS = 1_000_000
MAX_PART_BYTES = 8 * 1024 * 1024
"""Of the part as it is after inflating."""
OPEN_FOR = timedelta(hours=24)
"""How long a batch may wait for its commit."""
FOLLOWED_FOR = timedelta(days=30)
"""How long a dry run says something about a push of the same content."""
DISCARDED_FOR = timedelta(days=30)
"""How long it is known of a batch that it was discarded."""


class UploadedFile(Kept):
    """The file that a person uploaded in a browser, and how it is read: the words of `huning-agent push`. `mapping` is YAML."""

    name: str
    size: int
    sha256: str
    encoding: str | None = None
    mapping: str | None = None


class Batch(Kept):
    """A batch with its place in the order (`seq`, `committed_at`, `parts`) once it is committed.

    `warnings` counts rows that were taken without something; `columns` is what the pushed file calls the fields. Of a snapshot,
    `withdrawn` counts the records that it withdrew or, while it waits, would withdraw; `bound` is how many it may, once a person
    has said so, and `round` counts the places that it asked for. `follows` is the dry run of the same content, if there was one.
    `file` and `notes`, what was said while it was read, are of an upload.
    """

    id: str
    jurisdiction: Jurisdiction
    kind: Kind
    mode: Mode = "delta"
    dry_run: bool
    coordinates: CoordinateSystem | None
    rows: int
    sha256: str
    pushed_by: str
    created_at: datetime
    state: State = "open"
    seq: int | None = None
    parts: int | None = None
    counts: VerdictCounts = VerdictCounts()
    warnings: int = 0
    columns: Mapping[str, str] = Field(default_factory=dict)
    committed_at: datetime | None = None
    finished_at: datetime | None = None
    withdrawn: int = 0
    round: int = 1
    bound: int | None = None
    approved_by: str | None = None
    follows: str | None = None
    file: UploadedFile | None = None
    notes: tuple[str, ...] = ()

    @property
    def list(self) -> str:
        """The list it writes, such as `nantong/platform`. Batches of one list are applied one at a time."""
        return f"{self.jurisdiction}/{self.kind}"

    @property
    def wants_place(self) -> bool:
        """Whether it was committed or approved in a round for which it has no place yet."""
        return self.state == "processing" and self.seq is None

    @property
    def is_finished(self) -> bool:
        return self.state in ("applied", "verified", "failed", "discarded")


class PartHead(Kept):
    """A part without its rows. `sha256` is of the part after inflating."""

    part: int
    rows: int
    sha256: str


class Place(Kept):
    """A batch's place in the order of its jurisdiction: taken once in each round, never given up. It consists of `parts`.

    `traceparent` is of the request that took it: whoever orders the batch on, after whatever pause, goes on with its trace.
    """

    jurisdiction: Jurisdiction
    seq: int
    batch_id: str
    list: str
    parts: int
    at: datetime
    traceparent: str | None = None
    round: int = 1


def refuse_incomplete(batch: Batch, parts: Sequence[PartHead], sha256: str) -> None:
    """Refuses a commit unless the parts 0, 1, 2 … are exactly the rows and bytes that were announced."""
    received = sum(part.rows for part in parts)
    numbers = [part.part for part in parts]
    gap = next((n for n, number in enumerate(numbers) if n != number), len(numbers))
    if gap < len(numbers) or received < batch.rows:
        raise Refusal(problems.TRUNCATED, rows=batch.rows, received=received, part=gap)
    if received > batch.rows:
        raise Refusal(problems.ROWS_DIFFER, rows=batch.rows, received=received)
    if sha256 != batch.sha256:
        raise Refusal(problems.SHA256_DIFFERS)


def commit(batch: Batch, place: Place, by: str) -> Decision[Batch] | None:
    """The batch takes its place and is ordered to begin. Nothing to do when it has, or when the place is of an earlier round."""
    if not (batch.state == "open" or batch.wants_place) or batch.round != place.round:
        return None
    taken = {"state": "processing", "seq": place.seq, "parts": place.parts, "committed_at": place.at}
    state = batch.model_copy(update=taken)
    return Decision(state, "commit", by, "batch.committed", (advance(place, 0, place.at),))


def discard(batch: Batch, at: datetime) -> Decision[Batch] | None:
    """Nobody committed it in time. A commit that took a place meanwhile finds it gone, and the place stays empty."""
    if batch.state != "open" or at - batch.created_at < OPEN_FOR:
        return None
    return _discarded(batch, SYSTEM, at)


def delete(batch: Batch, by: str, at: datetime) -> Decision[Batch] | None:
    """Its city wants it no more. Nothing to do when it is gone; refused once it is committed, for then it is applied, unless it
    waits for approval."""
    if batch.state == "discarded":
        return None
    if batch.state not in ("open", "awaiting_approval"):
        raise Refusal(problems.BATCH_COMMITTED)
    return _discarded(batch, by, at)


def _discarded(batch: Batch, by: str, at: datetime) -> Decision[Batch]:
    return Decision(batch.model_copy(update={"state": "discarded", "finished_at": at}), "discard", by, None)


def finish(
    batch: Batch, counts: VerdictCounts, warnings: int, at: datetime, withdrawn: int = 0
) -> Decision[Batch] | None:
    """Every row has its verdict, and what was to be withdrawn is. ValueError when the counts are not those of every row."""
    if batch.is_finished:
        return None
    if total(counts) != batch.rows:
        raise ValueError(f"batch {batch.id}: {total(counts)} verdicts for {batch.rows} rows")
    state = "verified" if batch.dry_run else "applied"
    ended = {"state": state, "counts": counts, "warnings": warnings, "withdrawn": withdrawn, "finished_at": at}
    finished = batch.model_copy(update=ended)
    return Decision(finished, "finish", SYSTEM, f"batch.{state}")


def fail(
    batch: Batch, counts: VerdictCounts, warnings: int, at: datetime, withdrawn: int = 0
) -> Decision[Batch] | None:
    """It can never be applied to its end; what was applied stays, and the next batch of the list may begin."""
    if batch.is_finished:
        return None
    ended = {"state": "failed", "counts": counts, "warnings": warnings, "withdrawn": withdrawn, "finished_at": at}
    failed = batch.model_copy(update=ended)
    return Decision(failed, "fail", SYSTEM, "batch.failed")


def advance(place: Place, chunks_done: int, at: datetime) -> Event:
    """The order to go on with the batch of this place from where it stands."""
    order = AdvanceBatch(batch_id=place.batch_id, jurisdiction=place.jurisdiction)
    return event(
        "batch.advance",
        place.batch_id,
        chunks_done + 1,
        at,
        order,
        jurisdiction=place.jurisdiction,
        traceparent=place.traceparent,
    )


def total(counts: VerdictCounts) -> int:
    """How many rows the counts stand for."""
    return sum(counts.model_dump().values())


def published(batch: Batch) -> BatchState:
    """What others may know of a committed batch."""
    return BatchState.model_validate(batch.model_dump(include=set(BatchState.model_fields)))


def taken_from_log(told: Told, batch: Batch | None) -> Batch | None:
    """The batch as the log knows it. Its rows are in no event: one that was not finished and is gone has failed."""
    state = told.newest.data
    if not isinstance(state, BatchState):
        return None
    known = state.model_dump(exclude_none=True)
    if batch is not None:
        return Batch.model_validate({**batch.model_dump(), **known})
    if state.state in ("processing", "awaiting_approval"):
        known |= {"state": "failed", "finished_at": told.newest.time}
    return Batch.model_validate({**known, "coordinates": None, "sha256": "", "created_at": state.committed_at})
