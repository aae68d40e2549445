"""What a caller is shown of agents, batches and parts. Pure."""

from typing import Any, Literal

from pydantic import BaseModel

from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch, State
from services.sync.wire import CoordinateSystem
from shared.events.payload import Instant
from shared.events.sync import Kind, VerdictCounts
from shared.http.answers import PROBLEM_ANSWERS
from shared.values.jurisdictions import Jurisdiction

GONE: dict[int | str, dict[str, Any]] = {
    410: {**PROBLEM_ANSWERS[404], "description": "it was there, and was removed after its time or by its city"}
}
"""The answer of routes to what is kept for a time, for the API's documents."""


class ProgressView(BaseModel):
    """Rows with their verdict, of all."""

    done: int
    total: int


class BatchView(BaseModel):
    """A batch and its receipt so far."""

    id: str
    seq: int | None
    jurisdiction: Jurisdiction
    kind: Kind
    mode: Literal["delta"]
    dry_run: bool
    coordinates: CoordinateSystem | None
    state: State
    rows: int
    progress: ProgressView
    counts: VerdictCounts
    warnings: int
    withdrawn: int
    created_at: Instant
    committed_at: Instant | None
    finished_at: Instant | None
    sha256: str
    pushed_by: str
    pushed_by_name: str | None = None
    """The name of the agent; null where a person pushed."""


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


def batch_view(batch: Batch, done: int, counts: VerdictCounts, warnings: int, name: str | None) -> BatchView:
    """The batch as it is shown. Nothing is ever withdrawn by a delta."""
    shown = batch.model_dump(exclude={"counts", "warnings", "columns", "parts"})
    progress = ProgressView(done=done, total=batch.rows)
    return BatchView(**shown, progress=progress, counts=counts, warnings=warnings, withdrawn=0, pushed_by_name=name)


def agent_view(agent: Agent) -> AgentView:
    """The agent as its city's operators see it."""
    return AgentView.model_validate(agent.model_dump())
