"""Events of sync: the records of the cities and the progress of their batches; and the one command that it sends itself."""

from typing import Annotated, Any, Literal

from pydantic import Field

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction
from shared.values.kinds import Kind as Kind
from shared.values.kinds import Tense
from shared.values.open_sets import Open
from shared.values.states import BatchModes, BatchStates, ObjectionStates


class RecordOrganization(Payload):
    """The organisation a record belongs to, as the city names it."""

    name: str
    credit_code: str | None = None


class RecordContact(Payload):
    """Whom to ask; the phone number is masked, always."""

    name: str | None = None
    phone_masked: str | None = None


class RecordState(Payload):
    """A city record. Coordinates are GCJ-02 degrees. A deletion is `deleted: true` with the other fields as they were."""

    jurisdiction: Jurisdiction
    kind: Annotated[Kind | str, Open(Kind)]
    source_id: str
    deleted: bool = False
    title: str
    summary: str | None = None
    tense: Annotated[Tense | str, Open(Tense)] = Tense.PRESENT
    industry: tuple[str, ...] = ()
    organization: RecordOrganization | None = None
    address: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    contact: RecordContact | None = None
    portal_url: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    details: dict[str, Any] = Field(default_factory=dict)
    batch_id: str
    updated_at: Instant


Verdict = Literal["added", "changed", "unchanged", "deleted", "rejected", "duplicate"]
"""The fate of one row of a batch."""

VERDICT_NAMES: dict[Verdict, str] = {
    "added": "新增",
    "changed": "变更",
    "unchanged": "未变",
    "deleted": "删除",
    "rejected": "拒收",
    "duplicate": "重复",
}


class VerdictCounts(Payload):
    """How many rows met which fate; they add up to the rows received."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0
    duplicate: int = 0


class BatchState(Payload):
    """A batch after its commit; `seq` counts up per jurisdiction and is the version of every record that it touches.

    A snapshot that waits for an operator's approval has no place in the order: its `seq` is null. `withdrawn` counts the records
    that a snapshot withdrew or, while it waits, would withdraw.
    """

    id: str
    jurisdiction: Jurisdiction
    kind: Annotated[Kind | str, Open(Kind)]
    mode: Annotated[BatchModes | str, Open(BatchModes)]
    dry_run: bool
    seq: int | None
    state: Annotated[BatchStates | str, Open(BatchStates)]
    rows: int
    counts: VerdictCounts
    withdrawn: int = 0
    pushed_by: str
    committed_at: Instant
    finished_at: Instant | None


class ListState(Payload):
    """How fresh a list of a city is; `id` is `jurisdiction/kind`. `stale`: no good batch was committed within `expected_days`
    of the last one."""

    id: str
    jurisdiction: Jurisdiction
    kind: Annotated[Kind | str, Open(Kind)]
    stale: bool
    last_batch_at: Instant
    expected_days: int


class ObjectionState(Payload):
    """An objection 数据异议 to a record of a city. What was said, and whom to ask, is in no event; `reason` is the city's word to
    whoever objected."""

    id: str
    jurisdiction: Jurisdiction
    kind: Annotated[Kind | str, Open(Kind)]
    record_id: str
    title: str
    state: Annotated[ObjectionStates | str, Open(ObjectionStates)]
    objector_id: str
    reason: str | None
    opened_at: Instant
    answered_at: Instant | None


class AdvanceBatch(Payload):
    """The order to go on with a batch from where it stands. Doing it twice is harmless."""

    batch_id: str
    jurisdiction: Jurisdiction
