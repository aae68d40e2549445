"""A city's agent as its owner keeps it: whose key may sign, and until when."""

from datetime import datetime

from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.values.jurisdictions import Jurisdiction


class Agent(Kept):
    """A city's own program, known by its Ed25519 public key (base64). To rotate, a city registers the next key first."""

    id: str
    key_id: str
    jurisdiction: Jurisdiction
    name: str
    public_key: str
    registered_by: str
    created_at: datetime
    removed_at: datetime | None = None


def remove(agent: Agent, by: str, at: datetime) -> Decision[Agent] | None:
    """The key is no longer accepted. Nothing to do when it is not already."""
    if agent.removed_at is not None:
        return None
    return Decision(agent.model_copy(update={"removed_at": at}), "remove", by, None)
