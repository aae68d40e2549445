"""A city's rhythm: set and read by its own operators and the alliance, and the usual one where nobody has said anything."""

import asyncio
from collections.abc import Mapping

import pytest

from services.sync.records.rhythms import USUAL_DAYS, Rhythm, rhythm, rhythms_of_all, set_rhythm
from services.sync.tests.builders import AT
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role
from shared.events.sync import Kind
from shared.tests.memory import MemoryAggregates
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
NEIGHBOUR = Caller("neighbour", frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
ALLIANCE = Caller("alliance", frozenset({(Role.ALLIANCE_OPERATOR, None)}))


def said(rhythms: MemoryAggregates[Rhythm], caller: Caller, days: Mapping[Kind, int], seen: int | None = None) -> int:
    """The version after it was set."""
    attempt = Attempt(caller.id, new_id(), "", seen)
    return asyncio.run(set_rhythm(rhythms, caller, attempt, AT, Jurisdiction.NANTONG, days)).revision


def read(rhythms: MemoryAggregates[Rhythm], caller: Caller) -> Rhythm:
    return asyncio.run(rhythm(rhythms, caller, Jurisdiction.NANTONG)).state


@pytest.mark.parametrize("caller", [OPERATOR, ALLIANCE], ids=["its own operator", "the alliance"])
def test_a_rhythm_is_set_as_a_whole_and_what_is_left_out_is_as_usual(caller: Caller) -> None:
    rhythms = MemoryAggregates(Rhythm)
    assert read(rhythms, caller).of(Kind.POLICY) == USUAL_DAYS
    said(rhythms, caller, {Kind.POLICY: 366, Kind.EVENT: 7})
    said(rhythms, caller, {Kind.POLICY: 366})
    kept = read(rhythms, caller)
    assert (kept.of(Kind.POLICY), kept.of(Kind.EVENT), kept.set_by) == (366, USUAL_DAYS, caller.id)
    everywhere = asyncio.run(rhythms_of_all(rhythms))
    assert list(everywhere) == list(Jurisdiction)
    assert everywhere[Jurisdiction.SUZHOU].of(Kind.POLICY) == USUAL_DAYS


def test_what_was_said_already_changes_nothing() -> None:
    rhythms = MemoryAggregates(Rhythm)
    first = said(rhythms, OPERATOR, {Kind.POLICY: 366})
    assert said(rhythms, OPERATOR, {Kind.POLICY: 366, Kind.EVENT: USUAL_DAYS}) == first


def test_who_looked_at_an_older_rhythm_is_told_so() -> None:
    rhythms = MemoryAggregates(Rhythm)
    first = said(rhythms, OPERATOR, {Kind.POLICY: 366})
    said(rhythms, ALLIANCE, {Kind.POLICY: 90})
    with pytest.raises(Refusal, match="version_conflict"):
        said(rhythms, OPERATOR, {Kind.POLICY: 180}, seen=first)


def test_another_citys_operator_neither_sets_nor_reads_it() -> None:
    rhythms = MemoryAggregates(Rhythm)
    with pytest.raises(Refusal, match="forbidden"):
        said(rhythms, NEIGHBOUR, {Kind.POLICY: 366})
    with pytest.raises(Refusal, match="forbidden"):
        read(rhythms, NEIGHBOUR)
    assert rhythms.states == {}
