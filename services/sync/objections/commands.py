"""What people do about objections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.sync import problems as ours
from services.sync.objections import objection as domain
from services.sync.objections.bodies import Answer, Contact, NewObjection
from services.sync.objections.objection import MOST_OPEN, Behalf, KeptContact, Objection, slot_of
from services.sync.objections.store import Objections
from services.sync.records.current import Records
from services.sync.records.record import StoredRecord
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.events.accounts import Role
from shared.mongo import DuplicateKeyError
from shared.secrets import PersonalData
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.masking import masked_phone
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

_NO_RECORD = "没有这条记录，或已由发布城市撤下"


def phone_context(objection_id: str) -> str:
    """The context under which the telephone number of who objected is sealed."""
    return f"objection/{objection_id}/phone"


@dataclass(frozen=True)
class ObjectionCommands:
    """To object, and to answer."""

    objections: Objections
    records: Records
    personal: PersonalData

    async def object_to(self, caller: Caller, attempt: Attempt, at: datetime, body: NewObjection) -> Stored[Objection]:
        """Somebody objects to a record that stands. One objection of theirs to it may be open at a time."""
        if earlier := await self.objections.all.created_by(attempt):
            return earlier
        record = await self.records.find(body.record_id)
        if record is None or record.state.deleted:
            raise invalid(FieldError("record_id", "not_found", _NO_RECORD))
        turn = _next_turn(await self.objections.of_person(caller.id, body.record_id))
        if await self.objections.open_of_person(caller.id, MOST_OPEN) >= MOST_OPEN:
            raise Refusal(ours.TOO_MANY_OBJECTIONS, most=MOST_OPEN)
        made = self._made(caller, at, body, record, turn)
        try:
            return await self.objections.all.create(domain.object_to(made), attempt=attempt)
        except DuplicateKeyError:
            raise Refusal(ours.OBJECTION_OPEN) from None

    async def answer(
        self, caller: Caller, attempt: Attempt, at: datetime, objection_id: str, body: Answer
    ) -> Stored[Objection]:
        """The city answers."""

        def decide(objection: Objection) -> Decision[Objection]:
            check("sync.answer-objection", caller, facts_of(objection))
            return domain.answer(objection, body.outcome, body.reason, caller.id, at)

        return await self.objections.all.change(objection_id, decide, attempt=attempt)

    def _made(self, caller: Caller, at: datetime, body: NewObjection, record: StoredRecord, turn: int) -> Objection:
        objection_id, state = new_id(), record.state
        behalf, city = _behalf(caller, state.jurisdiction)
        return Objection(
            id=objection_id,
            slot=slot_of(caller.id, body.record_id, turn),
            turn=turn,
            record_id=body.record_id,
            record_version=record.version,
            jurisdiction=state.jurisdiction,
            kind=state.kind,
            title=state.title,
            statement=body.statement,
            contact=self._kept(objection_id, body.contact),
            objector_id=caller.id,
            on_behalf_of=behalf,
            organization_id=caller.organization_id if behalf == "organization" else None,
            from_jurisdiction=city,
            opened_at=at,
        )

    def _kept(self, objection_id: str, contact: Contact | None) -> KeptContact | None:
        if contact is None or not (contact.name or contact.phone):
            return None
        phone = contact.phone
        return KeptContact(
            name=contact.name,
            phone_masked=masked_phone(phone) if phone else None,
            phone_sealed=self.personal.seal(phone, phone_context(objection_id)) if phone else None,
        )


def facts_of(objection: Objection) -> Facts:
    """What the rules look at."""
    return Facts(jurisdiction=objection.jurisdiction, owner_id=objection.objector_id)


def _next_turn(mine: Iterable[Stored[Objection]]) -> int:
    turns = [0]
    for each in mine:
        if each.state.state == "open":
            raise Refusal(ours.OBJECTION_OPEN)
        turns.append(each.state.turn + 1)
    return max(turns)


def _behalf(caller: Caller, of_record: Jurisdiction) -> tuple[Behalf, Jurisdiction | None]:
    """For whom a person objects: their organisation, else another city that they operate, else themselves."""
    if caller.organization_id is not None:
        return "organization", None
    others = sorted(each for each in caller.cities(Role.CITY_OPERATOR) if each and each != of_record)
    return ("city", others[0]) if others else ("person", None)
