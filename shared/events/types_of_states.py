"""The type of the event that most likely led to a published state: for documents that do not say which one it was.

Only owners that publish again ask, about documents that were stored before 0.2.0 had finished: later ones keep the type.
"""

from shared.events.accounts import OrganizationState, UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.notifications import DeliveryState
from shared.events.payload import Payload
from shared.events.search import SavedSearchHit
from shared.events.sync import BatchState, ListState, ObjectionState

_ORGANIZATIONS = {"pending": "registered", "verified": "approved", "rejected": "rejected"}
_BATCHES = {"processing": "committed"}
_DELIVERIES = {"pending": "queued", "sending": "started"}


def type_of_state(state: Payload, version: int) -> str:
    """The short name, such as `challenge.closed`. TypeError for a payload that is no aggregate's state."""
    match state:
        case UserState():
            return "user.registered" if version == 1 else "user.roles-changed"
        case OrganizationState():
            return f"organization.{_ORGANIZATIONS[state.status]}"
        case ChallengeState():
            return f"challenge.{_of_draft(version) if state.state == 'draft' else state.state}"
        case ClaimState():
            return f"claim.{_of_draft(version, 'replaced') if state.state == 'draft' else state.state}"
        case BatchState():
            return f"batch.{_BATCHES.get(state.state, state.state)}"
        case ListState():
            return "list.stale" if state.stale else "list.fresh"
        case ObjectionState():
            return "objection.opened" if state.state == "open" else "objection.answered"
        case SavedSearchHit():
            return "saved-search.hit"
        case DeliveryState():
            return f"delivery.{_DELIVERIES.get(state.status, 'settled')}"
    raise TypeError(f"{type(state).__name__} is no aggregate's state")


def _of_draft(version: int, later: str = "revised") -> str:
    return "drafted" if version == 1 else later
