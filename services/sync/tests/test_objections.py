"""Objections: who may object, see and answer; one open one for a person and a record; nothing personal leaves the owner."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import pytest

from services.sync.objections import objection as domain
from services.sync.objections import queries
from services.sync.objections.bodies import Answer, NewObjection
from services.sync.objections.commands import ObjectionCommands
from services.sync.objections.objection import MOST_OPEN, Objection
from services.sync.objections.store import Objections
from services.sync.objections.views import ObjectionView, objection_view
from services.sync.records.current import Records
from services.sync.records.record import StoredRecord, record_id
from services.sync.tests.builders import AT, LATER, batch, stored
from shared.access.checking import Caller
from shared.aggregates.adopting import Told
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role
from shared.events.envelope import Event
from shared.events.sync import ObjectionState
from shared.secrets import PersonalData
from shared.tests.memory import MemoryAggregates
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

SOMEBODY, NOBODY = Caller("somebody"), Caller("nobody")
COMPANY = Caller("person", frozenset({(Role.ORG_ADMIN, None)}), organization_id="org-1")
OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
NEIGHBOUR = Caller("neighbour", frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
ALLIANCE = Caller("alliance", frozenset({(Role.ALLIANCE_OPERATOR, None)}))
PHONE = "13812345678"
RECORD = stored()
ID = record_id(RECORD.state)


@dataclass
class Desk:
    """Nantong with some records, and the log."""

    records: dict[str, StoredRecord] = field(default_factory=lambda: {ID: RECORD})
    log: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.all = MemoryAggregates(Objection, domain.published, relay=self.log.append)
        self.personal = PersonalData(bytes(32))
        self.commands = ObjectionCommands(Objections(self.all), cast(Records, self), self.personal)
        asyncio.run(self.commands.objections.prepare())

    async def find(self, record: str) -> StoredRecord | None:
        """As the records answer."""
        return self.records.get(record)

    def object_to(self, caller: Caller, record: str = ID, key: str | None = None, **more: Any) -> ObjectionView:
        body = NewObjection(record_id=record, statement="地址有误", **more)
        attempt = Attempt(caller.id, key or new_id(), "")
        return self.shown(asyncio.run(self.commands.object_to(caller, attempt, AT, body)), caller)

    def answer(
        self, caller: Caller, objection: str, outcome: Any = "corrected", reason: str | None = None
    ) -> Objection:
        attempt, body = Attempt(caller.id, new_id(), ""), Answer(outcome=outcome, reason=reason)
        return asyncio.run(self.commands.answer(caller, attempt, LATER, objection, body)).state

    def shown(self, kept: Stored[Objection], caller: Caller) -> ObjectionView:
        return objection_view(kept, caller, self.personal)

    def show(self, caller: Caller, objection: str) -> ObjectionView:
        return self.shown(asyncio.run(queries.show_objection(self.commands.objections, caller, objection)), caller)

    def listed(self, caller: Caller, **asked: Any) -> list[str]:
        """The ids of every page of two."""
        found: list[str] = []
        cursor = None
        while True:
            listing = queries.list_objections(self.commands.objections, self.personal, caller, 2, cursor, **asked)
            page = asyncio.run(listing)
            found += [each.id for each in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("caller", "behalf"),
    [
        (SOMEBODY, ("person", None, None)),
        (COMPANY, ("organization", "org-1", None)),
        (NEIGHBOUR, ("city", None, "suzhou")),
        (OPERATOR, ("person", None, None)),
    ],
    ids=["a person", "an enterprise", "another city", "the city itself"],
)
def test_it_is_said_for_whom_somebody_objects(desk: Desk, caller: Caller, behalf: tuple[str, str, str]) -> None:
    made = desk.object_to(caller)
    assert (made.on_behalf_of, made.organization_id, made.from_jurisdiction) == behalf
    assert (made.state, made.title, made.jurisdiction) == ("open", RECORD.state.title, "nantong")


def test_a_record_that_is_not_there_or_was_withdrawn_takes_no_objection(desk: Desk) -> None:
    gone = RECORD.state.model_copy(update={"deleted": True, "source_id": "gone"})
    desk.records["nantong/platform/gone"] = StoredRecord(2, "deleted", "", None, gone)
    for record in ("nantong/platform/gone", "nantong/platform/never", "x"):
        with pytest.raises(Refusal) as refused:
            desk.object_to(SOMEBODY, record)
        assert [(each.field, each.code) for each in refused.value.errors] == [("record_id", "not_found")]


def test_one_objection_of_a_person_to_a_record_is_open_at_a_time(desk: Desk) -> None:
    first = desk.object_to(SOMEBODY)
    with pytest.raises(Refusal, match="objection_open"):
        desk.object_to(SOMEBODY)
    desk.object_to(NEIGHBOUR)
    desk.answer(OPERATOR, first.id)
    second = desk.object_to(SOMEBODY)
    assert second.id != first.id
    with pytest.raises(Refusal, match="objection_open"):
        desk.object_to(SOMEBODY)


def test_of_two_at_once_one_is_open(desk: Desk) -> None:
    async def both() -> list[Any]:
        body = NewObjection(record_id=ID, statement="地址有误")
        attempts = [Attempt(SOMEBODY.id, key, "") for key in "ab"]
        made = (desk.commands.object_to(SOMEBODY, each, AT, body) for each in attempts)
        return await asyncio.gather(*made, return_exceptions=True)

    refused = [each for each in asyncio.run(both()) if isinstance(each, Refusal)]
    assert [each.problem.code for each in refused] == ["objection_open"]


def test_the_same_attempt_again_is_the_same_objection_also_after_the_answer(desk: Desk) -> None:
    first = desk.object_to(SOMEBODY, key="1")
    desk.answer(OPERATOR, first.id)
    assert desk.object_to(SOMEBODY, key="1").id == first.id


def test_nobody_has_more_than_so_many_open(desk: Desk) -> None:
    for number in range(MOST_OPEN + 1):
        state = RECORD.state.model_copy(update={"source_id": str(number)})
        desk.records[f"nantong/platform/{number}"] = StoredRecord(1, "added", "", None, state)
    for number in range(MOST_OPEN):
        desk.object_to(SOMEBODY, f"nantong/platform/{number}")
    with pytest.raises(Refusal, match="too_many_objections"):
        desk.object_to(SOMEBODY, f"nantong/platform/{MOST_OPEN}")


@pytest.mark.parametrize("caller", [NOBODY, NEIGHBOUR, ALLIANCE, SOMEBODY], ids=lambda each: each.id)
def test_only_the_records_own_city_answers(desk: Desk, caller: Caller) -> None:
    made = desk.object_to(SOMEBODY)
    seen = caller in (ALLIANCE, SOMEBODY)
    with pytest.raises(Refusal, match="forbidden" if seen else "not_found"):
        desk.answer(caller, made.id)
    assert desk.show(SOMEBODY, made.id).state == "open"


def test_a_refusal_needs_a_reason_and_an_answer_is_given_once(desk: Desk) -> None:
    made = desk.object_to(SOMEBODY)
    with pytest.raises(Refusal) as refused:
        desk.answer(OPERATOR, made.id, "refused")
    assert [each.field for each in refused.value.errors] == ["reason"]
    desk.answer(OPERATOR, made.id, "refused", "地址无误")
    with pytest.raises(Refusal, match="objection_answered"):
        desk.answer(OPERATOR, made.id, "corrected")
    shown = desk.show(SOMEBODY, made.id)
    assert (shown.state, shown.reason, shown.answered_at, shown.answered_by) == ("refused", "地址无误", LATER, None)
    assert desk.show(OPERATOR, made.id).answered_by == "operator"


def test_the_telephone_number_is_whole_for_the_city_and_for_whoever_objected(desk: Desk) -> None:
    made = desk.object_to(SOMEBODY, contact={"name": "联系人", "phone": PHONE})
    for caller, phone in ((SOMEBODY, PHONE), (OPERATOR, PHONE), (ALLIANCE, "138****5678")):
        contact = desk.show(caller, made.id).contact
        assert contact is not None
        assert (contact.name, contact.phone) == ("联系人", phone)
    for caller in (NOBODY, NEIGHBOUR):
        with pytest.raises(Refusal, match="not_found"):
            desk.show(caller, made.id)


def test_neither_what_was_said_nor_whom_to_ask_leaves_the_owner(desk: Desk) -> None:
    made = desk.object_to(SOMEBODY, contact={"name": "联系人", "phone": PHONE})
    desk.answer(OPERATOR, made.id)
    assert [each.type.short for each in desk.log] == ["objection.opened", "objection.answered"]
    sent = b"".join(each.value for each in desk.log)
    stored = orjson.dumps([each.model_dump(mode="json") for each in desk.all.states.values()])
    assert not any(word.encode() in sent for word in ("地址有误", "联系人", PHONE, "5678"))
    assert PHONE.encode() not in stored


def test_a_list_shows_ones_own_and_to_operators_their_citys(desk: Desk) -> None:
    elsewhere = RECORD.state.model_copy(update={"jurisdiction": Jurisdiction.SUZHOU})
    desk.records["suzhou/platform/NT-001"] = StoredRecord(1, "added", "", None, elsewhere)
    mine, theirs = desk.object_to(SOMEBODY).id, desk.object_to(COMPANY).id
    other, own = (
        desk.object_to(SOMEBODY, "suzhou/platform/NT-001").id,
        desk.object_to(OPERATOR, "suzhou/platform/NT-001").id,
    )
    assert desk.listed(NOBODY) == []
    assert desk.listed(SOMEBODY) == [other, mine]
    assert desk.listed(OPERATOR) == [own, theirs, mine]
    assert desk.listed(ALLIANCE) == [own, other, theirs, mine]
    assert desk.listed(OPERATOR, mine=True) == [own]
    assert desk.listed(OPERATOR, jurisdiction=Jurisdiction.NANTONG) == [theirs, mine]
    assert desk.listed(SOMEBODY, record_id=ID) == [mine]
    desk.answer(OPERATOR, mine)
    assert desk.listed(OPERATOR, state="open") == [own, theirs]


def test_a_citys_operators_see_how_many_wait_for_them(desk: Desk) -> None:
    desk.object_to(SOMEBODY)

    def waiting(caller: Caller) -> int | None:
        return asyncio.run(queries.to_answer(desk.commands.objections, caller, 100))

    assert (waiting(OPERATOR), waiting(NEIGHBOUR), waiting(ALLIANCE), waiting(SOMEBODY)) == (1, 0, None, None)


def test_an_objection_that_a_restored_database_lacks_is_taken_from_the_log(desk: Desk) -> None:
    made = desk.object_to(SOMEBODY)
    desk.answer(OPERATOR, made.id, "refused", "地址无误")
    opened, answered = desk.log
    kept = desk.all.states[made.id].model_copy(update={"state": "open", "reason": None, "answered_at": None})
    again = domain.taken_from_log(Told([answered], True), kept)
    assert again is not None
    assert (again.state, again.reason, again.statement) == ("refused", "地址无误", "地址有误")
    lost = domain.taken_from_log(Told([opened, answered], True), None)
    assert lost is not None
    assert (domain.published(lost), lost.contact) == (cast(ObjectionState, answered.data), None)


def test_the_record_of_an_objection_is_any_that_stands() -> None:
    desk = Desk({"nantong/platform/a/b": stored(by=batch(), source_id="a/b")})
    assert desk.object_to(SOMEBODY, "nantong/platform/a/b").record_version == 1
