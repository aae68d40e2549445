"""What a caller is shown of objections."""

from pydantic import BaseModel

from services.sync.objections.commands import phone_context
from services.sync.objections.objection import Behalf, Objection, State
from shared.access.checking import Caller
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role
from shared.events.payload import Instant
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction


class ObjectionContactView(BaseModel):
    """Whom the city may ask; the number is whole for that city's own people and for whoever objected."""

    name: str | None
    phone: str | None


class ObjectionView(BaseModel):
    """An objection. `title` is the record's when it was objected to, `record_version` its version then; `reason` is the city's
    word to whoever objected. `mine`: the caller objected; `answered_by` is for operators."""

    id: str
    record_id: str
    record_version: int
    jurisdiction: Jurisdiction
    kind: str
    title: str
    statement: str
    contact: ObjectionContactView | None
    on_behalf_of: Behalf
    organization_id: str | None
    from_jurisdiction: Jurisdiction | None
    state: State
    reason: str | None
    opened_at: Instant
    answered_at: Instant | None
    answered_by: str | None
    mine: bool
    version: int


def objection_view(stored: Stored[Objection], caller: Caller, personal: PersonalData) -> ObjectionView:
    """As the caller may see it, who may see it at all."""
    objection = stored.state
    mine = objection.objector_id == caller.id
    of_its_city = objection.jurisdiction in caller.cities(Role.CITY_OPERATOR)
    shown = objection.model_dump(include=set(ObjectionView.model_fields) - {"contact"})
    shown["answered_by"] = objection.answered_by if of_its_city or caller.holds(Role.ALLIANCE_OPERATOR) else None
    contact = _contact(objection, personal, whole=mine or of_its_city)
    return ObjectionView(**shown, contact=contact, mine=mine, version=stored.revision)


def _contact(objection: Objection, personal: PersonalData, *, whole: bool) -> ObjectionContactView | None:
    kept = objection.contact
    if kept is None:
        return None
    sealed = kept.phone_sealed
    phone = personal.open(sealed, phone_context(objection.id)) if sealed and whole else kept.phone_masked
    return ObjectionContactView(name=kept.name, phone=phone)
