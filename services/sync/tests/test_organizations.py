"""Organisations across cities: records of a code belong together, codes may be joined by an operator, and the merge undone."""

import asyncio
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, cast

import pytest

from services.sync.organizations import queries
from services.sync.organizations.commands import OrganizationCommands
from services.sync.organizations.joined import JoinedCode, root_of
from services.sync.organizations.store import Joined
from services.sync.organizations.views import SharedOrganizationView
from services.sync.records.record import document_of
from services.sync.tests.builders import AT, stored
from shared.access.checking import VISITOR, Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role
from shared.mongo import Collection
from shared.tests.memory import MemoryAggregates, MemoryCollection
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
SOMEBODY = Caller("somebody")
A, B, C, UNUSED = "12320000466007597X", "91320594MA1MTEST0X", "91320105MA1WTEST1X", "91310107MA1LTEST2X"


@dataclass
class Registry:
    """Records of three codes in two cities."""

    records: MemoryCollection = field(default_factory=MemoryCollection)

    def __post_init__(self) -> None:
        self.codes = MemoryAggregates(JoinedCode)
        self.joined = Joined(self.codes, cast(Collection, self.records))
        for number, (city, code, name) in enumerate(
            [
                ("nantong", A, "南通大学"),
                ("nantong", A, "南通大学"),
                ("suzhou", A, "南通大学（苏州）"),
                ("suzhou", B, "南通大学苏州研究院"),
                ("nantong", C, "某公司"),
            ]
        ):
            record = stored(source_id=str(number), organization={"name": name, "credit_code": None})
            organization = record.state.organization
            assert organization is not None
            changed = {
                "jurisdiction": Jurisdiction(city),
                "organization": organization.model_copy(update={"credit_code": code}),
            }
            document = document_of(record, AT)
            state = record.state.model_copy(update=changed)
            self.records.put({**document, "_id": f"{city}/platform/{number}", "state": state.model_dump()})

    def merge(self, code: str, into: str, caller: Caller = OPERATOR, key: str | None = None) -> None:
        attempt = Attempt(caller.id, key or new_id(), "")
        asyncio.run(OrganizationCommands(self.joined).merge(caller, attempt, AT, code, into, "同一单位"))

    def unmerge(self, code: str, caller: Caller = OPERATOR) -> None:
        attempt = Attempt(caller.id, new_id(), "")
        asyncio.run(OrganizationCommands(self.joined).unmerge(caller, attempt, AT, code, "不是同一单位"))

    def show(self, code: str, caller: Caller = VISITOR) -> SharedOrganizationView:
        return asyncio.run(queries.show_organization(self.joined, caller, code))

    def records_of(self, code: str) -> list[str]:
        """The ids of every page of two."""
        found: list[str] = []
        cursor = None
        while True:
            page = asyncio.run(queries.list_records(self.joined, code, 2, cursor))
            found += [each.source_id for each in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_records_of_a_code_are_one_organisation_in_every_city(registry: Registry) -> None:
    shown = registry.show(A.lower())
    assert (shown.credit_code, shown.name, shown.records) == (A, "南通大学", 3)
    assert [(each.name, each.records) for each in shown.names] == [("南通大学", 2), ("南通大学（苏州）", 1)]
    assert [(each.jurisdiction, each.records) for each in shown.jurisdictions] == [("suzhou", 1), ("nantong", 2)]
    assert registry.records_of(A) == ["0", "1", "2"]


def test_a_code_that_no_record_names_is_no_organisation(registry: Registry) -> None:
    with pytest.raises(Refusal, match="not_found"):
        registry.show(UNUSED)
    with pytest.raises(Refusal, match="not_found"):
        registry.records_of(UNUSED)


def test_joined_codes_show_one_name_from_whichever_is_asked_for_and_undoing_parts_them(registry: Registry) -> None:
    before = registry.show(A), registry.show(B)
    registry.merge(B, A)
    assert registry.show(A) == registry.show(B)
    shown = registry.show(B)
    assert (shown.credit_code, shown.name, shown.records) == (A, "南通大学", 4)
    assert [(each.credit_code, each.into) for each in shown.codes] == [(A, None), (B, A)]
    assert registry.records_of(B) == ["0", "1", "2", "3"]
    registry.unmerge(B)
    assert (registry.show(A), registry.show(B)) == before


def test_a_merge_of_a_merge_is_undone_by_itself(registry: Registry) -> None:
    registry.merge(B, A)
    registry.merge(A, C)
    assert (registry.show(B).credit_code, registry.show(B).records) == (C, 5)
    registry.unmerge(A)
    assert (registry.show(B).credit_code, registry.show(B).records) == (A, 4)


def test_who_joined_what_and_why_is_kept_and_shown_to_operators(registry: Registry) -> None:
    registry.merge(B, A)
    registry.unmerge(B)
    acts = registry.show(B, OPERATOR).history
    assert {(each.action, each.into, each.reason, each.by) for each in acts} == {
        ("merge", A, "同一单位", "operator"),
        ("unmerge", A, "不是同一单位", "operator"),
    }
    assert registry.show(B).history == []


@pytest.mark.parametrize(
    ("code", "into", "refused"),
    [
        (A, A, "invalid"),
        (A, UNUSED, "invalid"),
        (UNUSED, A, "not_found"),
        (B, C, "code_joined"),
        (A, B, "codes_are_one"),
    ],
)
def test_what_makes_no_sense_is_not_joined(registry: Registry, code: str, into: str, refused: str) -> None:
    registry.merge(B, A)
    with pytest.raises(Refusal) as said:
        registry.merge(code, into)
    assert said.value.problem.code == refused or said.value.problem.status == 422
    assert registry.show(A).records == 4


def test_a_code_that_is_not_joined_is_not_parted(registry: Registry) -> None:
    registry.merge(B, A)
    registry.unmerge(B)
    with pytest.raises(Refusal, match="code_not_joined"):
        registry.unmerge(B)
    with pytest.raises(Refusal, match="not_found"):
        registry.unmerge(A)


def test_the_same_attempt_again_joins_once(registry: Registry) -> None:
    registry.merge(B, A, key="1")
    registry.merge(B, A, key="1")
    assert len(registry.show(B, OPERATOR).history) == 1


def test_only_operators_join_and_part(registry: Registry) -> None:
    with pytest.raises(Refusal, match="forbidden"):
        registry.merge(B, A, SOMEBODY)
    registry.merge(B, A)
    with pytest.raises(Refusal, match="forbidden"):
        registry.unmerge(B, SOMEBODY)
    assert registry.show(B).credit_code == A


def test_two_merges_at_once_that_close_a_ring_are_one_organisation_until_one_is_undone(registry: Registry) -> None:
    registry.codes.put(JoinedCode(id=A, into=B))
    registry.codes.put(JoinedCode(id=B, into=A))
    assert registry.show(A) == registry.show(B)
    assert registry.show(A).credit_code == A
    registry.unmerge(A)
    assert registry.show(A).credit_code == registry.show(B).credit_code == A


@pytest.mark.parametrize(
    "into", [{"b": "a"}, {"b": "a", "c": "b"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}]
)
def test_every_code_of_an_organisation_leads_to_the_same_one(into: dict[str, str]) -> None:
    codes = {*into, *into.values()}
    assert len({root_of(each, dict(order)) for each in codes for order in permutations(into.items())}) == 1


def test_the_merges_that_stand_are_listed(registry: Registry) -> None:
    registry.merge(B, A)
    registry.merge(C, A)
    registry.unmerge(C)
    listed: Any = asyncio.run(queries.list_merges(registry.joined, 20, None))
    assert [(each.credit_code, each.into) for each in listed.items] == [(B, A)]
