"""An objection as it is kept, and what can be done with it: pure."""

from datetime import datetime
from typing import Literal

from services.sync import problems as ours
from shared.aggregates.adopting import Told
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.events.sync import ObjectionState
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

Behalf = Literal["person", "organization", "city"]
Outcome = Literal["corrected", "refused"]
State = Literal["open", "corrected", "refused"]

MOST_OPEN = 20
"""So many objections of one person may wait for an answer at a time."""
_LOST = "（恢复备份时，异议的内容已丢失）"


class KeptContact(Kept):
    """Whom the city may ask. The telephone number is sealed."""

    name: str | None = None
    phone_masked: str | None = None
    phone_sealed: str | None = None


class Objection(Kept):
    """`slot` is one person's n-th objection to one record, n being `turn`: no two are open at a time.

    `title` and `record_version` are of the record as it stood. `organization_id` and `from_jurisdiction` say for whom a person
    objects who acts for an organisation, or is an operator of another city.
    """

    id: str
    slot: str
    turn: int
    record_id: str
    record_version: int
    jurisdiction: Jurisdiction
    kind: str
    title: str
    statement: str
    contact: KeptContact | None = None
    objector_id: str
    on_behalf_of: Behalf = "person"
    organization_id: str | None = None
    from_jurisdiction: Jurisdiction | None = None
    state: State = "open"
    reason: str | None = None
    opened_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None


def published(objection: Objection) -> ObjectionState:
    """What others learn of it: neither what was said nor whom to ask."""
    return ObjectionState.model_validate(objection.model_dump(include=set(ObjectionState.model_fields)))


def taken_from_log(told: Told, objection: Objection | None) -> Objection | None:
    """The objection as the log knows it. What was said is in no event."""
    state = told.newest.data
    if not isinstance(state, ObjectionState):
        return None
    known = state.model_dump()
    if objection is not None:
        return Objection.model_validate({**objection.model_dump(), **known})
    lost = {"slot": state.id, "turn": 0, "record_version": 0, "statement": _LOST}
    return Objection.model_validate({**known, **lost})


def slot_of(objector_id: str, record_id: str, turn: int) -> str:
    """A name that no two objections have, and none ever gives up."""
    return f"{objector_id}/{turn}/{record_id}"


def object_to(objection: Objection) -> Decision[Objection]:
    """Somebody objects."""
    return Decision(objection, "object", objection.objector_id, "objection.opened")


def answer(objection: Objection, outcome: Outcome, reason: str | None, by: str, at: datetime) -> Decision[Objection]:
    """The city answers, once. That it does not correct the record needs a reason."""
    if objection.state != "open":
        raise Refusal(ours.OBJECTION_ANSWERED)
    if outcome == "refused" and reason is None:
        raise invalid(FieldError("reason", "missing", "不予更正须说明原因，提出异议的人会看到"))
    answered = {"state": outcome, "reason": reason, "answered_at": at, "answered_by": by}
    return Decision(objection.model_copy(update=answered), "answer", by, "objection.answered")
