"""What a caller is shown of agents, batches and parts. Pure."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch, Mode, State
from services.sync.wire import CoordinateSystem
from shared.events.payload import Instant
from shared.events.sync import Kind, VerdictCounts
from shared.http.answers import PROBLEM_ANSWERS
from shared.values.jurisdictions import Jurisdiction

GONE: dict[int | str, dict[str, Any]] = {
    410: {**PROBLEM_ANSWERS[404], "description": "it was there, and was removed after its time or by its city"}
}
"""The answer of routes to what is kept for a time, for the API's documents."""


CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(name: str) -> dict[str, str]:
    """The headers by which a browser saves an answer under this name, which is ASCII."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


class ProgressView(BaseModel):
    """Rows with their verdict, of all."""

    done: int
    total: int


class FollowsView(BaseModel):
    """The dry run of the same content that a push follows. Of the rows so far, how many have another verdict than in it, and
    before how many others something else stood."""

    id: str
    other_verdict: int
    other_before: int


class FileView(BaseModel):
    """The file that was uploaded, as its sender calls it."""

    name: str
    size: int
    sha256: str


class BatchView(BaseModel):
    """A batch and its receipt so far. Of a snapshot, `withdrawn` counts the records that it withdrew or, while it waits for
    approval, would withdraw; `withdrawal` is how far it is with that. Of an upload there are its `file` and the `notes` on what
    of it was passed over."""

    id: str
    seq: int | None
    jurisdiction: Jurisdiction
    kind: Kind
    mode: Mode
    dry_run: bool
    coordinates: CoordinateSystem | None
    state: State
    rows: int
    progress: ProgressView
    counts: VerdictCounts
    warnings: int
    withdrawn: int
    withdrawal: ProgressView | None
    approved_by: str | None
    created_at: Instant
    committed_at: Instant | None
    finished_at: Instant | None
    sha256: str
    pushed_by: str
    pushed_by_name: str | None = None
    """The name of the agent; null where a person pushed."""
    follows: FollowsView | None = None
    file: FileView | None = None
    notes: list[str]


class PartView(BaseModel):
    """A part that was kept."""

    part: int
    rows: int
    sha256: str


class AgentView(BaseModel):
    """An agent of a city."""

    id: str
    key_id: str
    jurisdiction: Jurisdiction
    name: str
    public_key: str
    created_at: Instant
    removed_at: Instant | None


@dataclass(frozen=True)
class SoFar:
    """How far a batch is. `withdrawal` is None for a delta, and for a snapshot that was not weighed yet."""

    done: int
    counts: VerdictCounts
    warnings: int
    withdrawal: ProgressView | None
    other_verdict: int = 0
    other_before: int = 0


def batch_view(batch: Batch, so_far: SoFar, pushed_by_name: str | None) -> BatchView:
    """The batch as it is shown."""
    shown = batch.model_dump(exclude={"counts", "warnings", "columns", "parts", "round", "bound", "follows", "file"})
    if batch.state == "processing" and so_far.withdrawal:
        shown["withdrawn"] = so_far.withdrawal.done
    followed = batch.follows and FollowsView(
        id=batch.follows, other_verdict=so_far.other_verdict, other_before=so_far.other_before
    )
    return BatchView(
        **shown,
        follows=followed or None,
        file=FileView(**batch.file.model_dump(include={"name", "size", "sha256"})) if batch.file else None,
        progress=ProgressView(done=so_far.done, total=batch.rows),
        counts=so_far.counts,
        warnings=so_far.warnings,
        withdrawal=so_far.withdrawal,
        pushed_by_name=pushed_by_name,
    )


def agent_view(agent: Agent) -> AgentView:
    """The agent as its city's operators see it."""
    return AgentView.model_validate(agent.model_dump())
