"""What pydantic finds wrong, as a person reads it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from shared.events.accounts import OrganizationKind, Role
from shared.values.jurisdictions import Jurisdiction
from shared.values.money import yuan
from shared.values.problems import FieldError
from shared.values.validation import not_one_of, refusal_of


def _even(value: object) -> object:
    if value == "odd":
        raise PydanticCustomError("not_even", "应为偶数")
    if value == "number":
        raise not_one_of(("二", "四"))
    return value


class Body(BaseModel):
    even: Annotated[str, BeforeValidator(_even)] = ""
    colour: Literal["red", "green"] = "red"
    above: Annotated[float, Field(gt=0)] = 1
    share: Annotated[float, Field(ge=0.5, le=2)] = 1
    finite: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1
    name: Annotated[str, Field(min_length=2, max_length=3)] = "二字"
    items: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]


def errors_of(value: Any) -> list[FieldError]:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate(value)
    return refusal_of(refused.value.errors()).errors


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"even": "odd"}, "not_even", "应为偶数"),
        ({"even": "number"}, "not_allowed", "取值不在允许范围内，应为：二、四"),
        ({"even": 1}, "wrong_type", "类型不正确，请按接口文档填写"),
        ({"colour": "blue"}, "not_allowed", "取值不在允许范围内，请从给出的选项中选择"),
        ({"colour": 1}, "wrong_type", "类型不正确，请按接口文档填写"),
        ({"above": 0}, "too_small", "数值过小（应大于 0）"),
        ({"share": 0}, "too_small", "数值过小（应不小于 0.5）"),
        ({"share": 3}, "too_large", "数值过大（应不大于 2）"),
        ({"finite": float("nan")}, "bad_format", "应为有限的数字"),
        ({"name": "一"}, "too_short", "内容过短（至少 2 个字）"),
        ({"name": "一二三四"}, "too_long", "内容过长（至多 3 个字）"),
        ({"items": []}, "too_short", "项数过少（至少 1 项）"),
        ({"items": [1, 2, 3]}, "too_long", "项数过多（至多 2 项）"),
    ],
)
def test_each_fault_has_a_code_and_a_sentence_that_says_what_would_be_right(
    given: dict[str, Any], code: str, message: str
) -> None:
    assert [(each.code, each.message) for each in errors_of(given)] == [(code, message)]


class Choice(BaseModel):
    kind: OrganizationKind = "enterprise"
    role: Role = Role.MEMBER
    city: Jurisdiction = Jurisdiction.WUXI
    reward_fen: Annotated[int, Field(ge=100, le=1_000_000)] = 100


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "x"}, "取值不在允许范围内，应为：企业、高校、科研院所、创新平台、服务机构"),
        ({"role": "x"}, "取值不在允许范围内，应为：" + "、".join(each.chinese for each in Role)),
        ({"city": "x"}, "取值不在允许范围内，应为：" + "、".join(each.chinese for each in Jurisdiction)),
        ({"reward_fen": 1}, "数值过小（应不小于 1 元）"),
        ({"reward_fen": 1_000_001}, "数值过大（应不大于 10,000 元）"),
    ],
)
def test_values_are_named_in_chinese_and_money_in_yuan(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Choice.model_validate(given)
    assert [each.message for each in refusal_of(refused.value.errors()).errors] == [message]


@pytest.mark.parametrize(
    ("fen", "shown"), [(300_000_000, "3,000,000 元"), (150, "1.50 元"), (0, "0 元"), (-5, "-0.05 元")]
)
def test_money_is_shown_in_yuan(fen: int, shown: str) -> None:
    assert yuan(fen) == shown


def test_a_body_that_is_wrong_as_a_whole_is_wrong_at_its_root() -> None:
    assert [each.field for each in errors_of([])] == ["$"]


def test_of_a_hundred_thousand_faults_twenty_are_listed_and_all_are_counted() -> None:
    errors = [{"type": "extra_forbidden", "loc": ("body", f"x{n}")} for n in range(100_000)]
    refusal = refusal_of(errors)
    assert len(refusal.errors) == 20
    assert "100000" in refusal.detail


def test_the_name_that_a_client_gave_a_field_is_not_repeated_at_any_length() -> None:
    (error,) = refusal_of([{"type": "extra_forbidden", "loc": ("body", "x" * 100_000)}]).errors
    assert len(error.field) < 200
