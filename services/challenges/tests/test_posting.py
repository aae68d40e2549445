"""What a poster may write."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.challenges.posting.examples import CHALLENGE
from services.challenges.posting.programme import DEFAULT
from services.challenges.posting.rules import faults_of
from services.challenges.tests.building import NOW, content
from shared.values.validation import refusal_of

GATES = [{"name": "中期", "due": "2027-06-30", "keep": 2}, {"name": "终期", "due": "2027-12-31", "keep": 1}]
RACE = {"teams": 3, "gates": GATES}


def faults(**changes: Any) -> set[tuple[str, str]]:
    return {(each.field, each.code) for each in faults_of(content(**changes).terms(), DEFAULT, NOW)}


def stages(*percents: int) -> dict[str, Any]:
    named = [{"name": f"阶段{index}", "percent": percent} for index, percent in enumerate(percents)]
    return {"amount_fen": 300000000, "stages": named}


def test_the_example_of_the_api_has_no_fault() -> None:
    assert faults() == set()


def test_a_bare_date_is_the_last_millisecond_of_that_day_in_shanghai() -> None:
    assert content(deadline="2027-01-31").deadline == datetime(2027, 1, 31, 15, 59, 59, 999000, tzinfo=UTC)


def test_a_deadline_with_any_offset_is_kept_as_that_instant_in_utc() -> None:
    assert content(deadline="2027-01-31T18:00:00+08:00").deadline == datetime(2027, 1, 31, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "deadline",
    [
        *("2027-01-31T18:00:00", "2027-02-30", "2027-W05-1", "明年", "", 20270131, None, {"$gt": ""}),
        # No deadline that anybody means; near the ends of the calendar there is no such time in UTC or Shanghai.
        *("2100-01-01", "9999-12-31T23:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_deadline_that_names_no_instant_is_refused(deadline: object) -> None:
    with pytest.raises(ValidationError):
        content(deadline=deadline)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"deadline": "2026-11-25T08:00:00Z"}, ("deadline", "in_the_past")),
        ({"period_months": 37}, ("period_months", "out_of_range")),
        ({"period_months": 0}, ("period_months", "out_of_range")),
        ({"reward": stages(40, 50)}, ("reward.stages[1].percent", "sum_not_100")),
        ({"reward": stages(100, 0)}, ("reward.stages[1].percent", "out_of_range")),
        ({"reward": stages()}, ("reward.stages", "required")),
        ({"funding": [{"jurisdiction": "suzhou", "amount_fen": 1}]}, ("funding[0].amount_fen", "sum_not_reward")),
        (
            {"funding": [{"jurisdiction": "wuxi", "amount_fen": 150000000}] * 2},
            ("funding[1].jurisdiction", "duplicate"),
        ),
        ({"mode": "race"}, ("race", "required")),
        ({"race": RACE}, ("race", "not_allowed")),
        ({"mode": "race", "race": {**RACE, "teams": 4}}, ("race.teams", "out_of_range")),
        ({"mode": "race", "race": {**RACE, "teams": 1}}, ("race.teams", "out_of_range")),
        ({"mode": "race", "race": {**RACE, "gates": []}}, ("race.gates", "required")),
        ({"mode": "race", "race": {"teams": 2, "gates": GATES}}, ("race.gates[0].keep", "out_of_range")),
        ({"mode": "race", "race": {**RACE, "gates": GATES[::-1]}}, ("race.gates[1].due", "not_ascending")),
        ({"consortium": {"allowed": True, "max_partners": 5}}, ("consortium.max_partners", "out_of_range")),
        ({"ip_terms": {"template": "custom", "text": None}}, ("ip_terms.text", "required")),
        ({"ip_terms": {"template": "joint", "text": "另有约定"}}, ("ip_terms.text", "not_allowed")),
        ({"indicators": []}, ("indicators", "required")),
        ({"indicators": CHALLENGE["indicators"] * 2}, ("indicators[1].name", "duplicate")),
        ({"industry": ["氢能", "氢能"]}, ("industry[1]", "duplicate")),
        ({"attachment_ids": ["x"]}, ("attachment_ids[0]", "unknown_attachment")),
    ],
)
def test_what_makes_no_sense_is_a_fault_at_its_field(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert fault in faults(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "race", "race": RACE},
        {"mode": "race", "race": {"teams": 2, "gates": [{"name": "终期", "due": "2027-06-30", "keep": 1}]}},
        {"funding": []},
        {"period_months": 36},
        {"ip_terms": {"template": "custom", "text": "成果归双方共有，收益按三七分成"}},
        {"consortium": {"allowed": False, "max_partners": 0}},
    ],
)
def test_what_makes_sense_has_no_fault(changes: dict[str, Any]) -> None:
    assert faults(**changes) == set()


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(period_months=0, indicators=[], reward=stages(1), funding=[])) == 3


def test_the_fault_of_the_stages_says_what_their_sum_is() -> None:
    found = faults_of(content(reward=stages(40, 50)).terms(), DEFAULT, NOW)
    assert [each.message for each in found] == ["各阶段比例之和应为 100，现为 90"]


@pytest.mark.parametrize(
    "changes",
    [
        {"period_months": "24"},
        {"period_months": 24.0},
        {"period_months": True},
        {"classified": 0},
        {"title": {"$ne": None}},
        {"title": "   "},
        {"title": "题" * 101},
        {"jurisdiction": "shanghai"},
        {"reward": {"amount_fen": 0, "stages": []}},
        {"surprise": 1},
        {"contact": {"name": "联系人", "phone": "1", "openid": "x"}},
    ],
)
def test_a_value_of_the_wrong_shape_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        content(**changes)


def test_the_repr_of_a_contact_hides_the_phone_number() -> None:
    assert "051212345678" not in repr(content())


@pytest.mark.parametrize("deadline", ["2027-02-29", "20270131", "2027-01-31T18:00:00", " 2027-01-31", 20270131])
def test_a_deadline_that_names_no_instant_is_answered_with_how_to_write_one(deadline: object) -> None:
    with pytest.raises(ValidationError) as refused:
        content(deadline=deadline)
    [error] = refusal_of(refused.value.errors()).errors
    assert error.field == "deadline"
    assert error.message.startswith("应为日期")


@pytest.mark.parametrize("nothing", ["", " \u3000", "\u200b\u200d", "\u202e", "\x07\n"])
def test_a_title_that_nobody_can_see_counts_as_missing(nothing: str) -> None:
    with pytest.raises(ValidationError) as refused:
        content(title=nothing)
    [error] = refusal_of(refused.value.errors()).errors
    assert (error.field, error.code) == ("title", "too_short")


def test_what_nobody_can_see_is_not_kept_in_what_a_poster_wrote() -> None:
    written = content(
        title="涂层\u202e寿命\n提升\x1b", problem="第一段\u200b\n\u3000\u3000第二段\x07", requirements=["\ufeff甲"]
    )
    assert written.title == "涂层寿命 提升"
    assert written.problem == "第一段\n\u3000\u3000第二段"
    assert written.requirements == ("甲",)
