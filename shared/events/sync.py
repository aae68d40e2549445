"""What sync tells: the records of the cities and the fate of their batches; and the one command it gives itself."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction


class Kind(StrEnum):
    """What a city record is, in the terms of the three lists 三张清单."""

    INSTITUTION = "institution"
    PLATFORM = "platform"
    CARRIER = "carrier"
    EQUIPMENT = "equipment"
    ENTERPRISE = "enterprise"
    INDUSTRY = "industry"
    TALENT = "talent"
    TECHNOLOGY_MANAGER = "technology_manager"
    ACHIEVEMENT = "achievement"
    FINANCE = "finance"
    POLICY = "policy"
    TECHNICAL_DEMAND = "technical_demand"
    FACTOR_DEMAND = "factor_demand"
    COOPERATION = "cooperation"
    EVENT = "event"


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
    kind: Kind
    source_id: str
    deleted: bool = False
    title: str
    summary: str | None = None
    tense: Literal["past", "present", "future"] = "present"
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
    """A batch after its commit; `seq` counts up per jurisdiction and is the version of every record it touches."""

    id: str
    jurisdiction: Jurisdiction
    kind: Kind
    mode: Literal["delta", "snapshot"]
    dry_run: bool
    seq: int
    state: Literal["processing", "applied", "verified", "failed"]
    rows: int
    counts: VerdictCounts
    pushed_by: str
    committed_at: Instant
    finished_at: Instant | None


class AdvanceBatch(Payload):
    """The order to go on with a batch from where it stands. Doing it twice is harmless."""

    batch_id: str
    jurisdiction: Jurisdiction
