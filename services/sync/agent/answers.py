"""What the platform answers, as far as the agent needs it."""

from datetime import datetime

from pydantic import BaseModel, Field

from shared.events.sync import VerdictCounts
from shared.values.states import BatchModes, BatchStates


class Progress(BaseModel):
    """How many rows have their verdict."""

    done: int = 0
    total: int = 0


class Follows(BaseModel):
    """The dry run of the same content that came before a push, and how many rows are not as they were in it."""

    id: str
    other_verdict: int
    other_before: int


class Batch(BaseModel):
    """A batch as the platform shows it; fields that the agent does not need are ignored."""

    id: str
    seq: int | None = None
    jurisdiction: str
    kind: str
    mode: str = BatchModes.DELTA
    dry_run: bool = False
    state: str
    rows: int
    sha256: str = ""
    progress: Progress = Progress()
    counts: VerdictCounts = VerdictCounts()
    warnings: int = 0
    withdrawn: int = 0
    created_at: datetime | None = None
    committed_at: datetime | None = None
    finished_at: datetime | None = None
    follows: Follows | None = None

    @property
    def waits(self) -> bool:
        """A person has to say whether so much is to be withdrawn."""
        return self.state == BatchStates.AWAITING_APPROVAL

    @property
    def settled(self) -> bool:
        """Nothing more happens by itself."""
        return self.state not in {"open", "processing"}


class Suggested(BaseModel):
    """What to write into a field, where there is one right value; `column` is what the file calls it."""

    field: str
    value: str
    column: str | None = None


class Named(BaseModel):
    """A field, and what the file calls it."""

    field: str
    column: str | None = None


class Altered(BaseModel):
    """What became of a value in a row that was taken."""

    field: str
    before: str | None = Field(None, alias="from")
    after: str | None = Field(None, alias="to")
    rule: str
    code: str | None = None
    message: str | None = None
    column: str | None = None
    beside: Named | None = None
    suggestions: list[Suggested] | None = None

    @property
    def warns(self) -> bool:
        """Whether the clerk should look at it."""
        return self.message is not None


class At(BaseModel):
    """Where a row stands in the file."""

    sheet: str | None = None
    line: int
    column: str | None = None


class Withdrawal(BaseModel):
    """A record that a snapshot lacks."""

    source_id: str
    title: str


class Fault(BaseModel):
    """What else is wrong in a row that was rejected."""

    field: str | None = None
    code: str | None = None
    message: str | None = None
    column: str | None = None
    suggestions: list[Suggested] | None = None


class Row(BaseModel):
    """The verdict on a row: why it was not taken, or what of it was not, and what would make it good."""

    row: int
    source_id: str | None = None
    verdict: str = "rejected"
    field: str | None = None
    code: str | None = None
    message: str | None = None
    normalized: list[Altered] | None = None
    at: At | None = None
    suggestions: list[Suggested] | None = None
    also: list[Fault] | None = None

    @property
    def column(self) -> str | None:
        """What the file calls the field."""
        return self.at.column if self.at else None
