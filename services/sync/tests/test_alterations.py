"""What is altered on the way from a row to a record, and what is left out of it."""

from typing import Any

import pytest

from services.sync.rows.reading import Content
from services.sync.rows.rejections import Rejection
from services.sync.tests.builders import content, read
from services.sync.tests.test_reading import CREDIT_CODE, PERSON
from shared.events.sync import Kind


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"contact": {"phone": "没人接"}}, "contact.phone", "phone_not_understood"),
        ({"contact": {"phone": "#N/A"}}, "contact.phone", "phone_not_understood"),
        ({"longitude": 120.5}, "longitude", "coordinates_incomplete"),
        ({"longitude": 31.9, "latitude": 120.9}, "longitude", "coordinates_swapped"),
        ({"longitude": 0, "latitude": 0}, "longitude", "coordinates_outside_china"),
        ({"longitude": 139.69, "latitude": 35.68}, "longitude", "coordinates_outside_china"),
        ({"longitude": "东经120度", "latitude": 31.9}, "longitude", "number_not_understood"),
        ({"longitude": "12_0.5", "latitude": 31.9}, "longitude", "number_not_understood"),
        ({"longitude": "nan", "latitude": 31.9}, "longitude", "number_not_understood"),
        ({"longitude": "inf", "latitude": "-Infinity"}, "latitude", "number_not_understood"),
        ({"portal_url": "javascript:alert(1)"}, "portal_url", "url_not_understood"),
        ({"portal_url": "见官网"}, "portal_url", "url_not_understood"),
        ({"valid_from": "明年"}, "valid_from", "date_not_understood"),
        ({"valid_from": "2024-3-5 至 2025-3-4"}, "valid_from", "date_not_understood"),
        ({"valid_from": "长期"}, "valid_from", "date_not_understood"),
        ({"valid_from": "2026-01-02", "valid_until": "2026-01-01"}, "valid_until", "dates_reversed"),
        ({"address": "长" * 301}, "address", "too_long"),
        ({"address": "#REF!"}, "address", "error_cell"),
        ({"summary": "锟斤拷锟斤拷"}, "summary", "text_damaged"),
        ({"organization": {"name": "无", "credit_code": CREDIT_CODE}}, "organization.name", "missing"),
        ({"organization": {}}, "organization.name", "missing"),
    ],
)
def test_an_optional_field_that_cannot_be_read_is_left_out_with_a_hint_and_costs_no_row(
    fields: dict[str, Any], field: str, code: str
) -> None:
    found = read(**fields)
    assert isinstance(found, Content)
    dropped = {each.field: each for each in found.altered if each.rule == "dropped"}
    assert dropped[field].code == code
    assert dropped[field].message
    assert "{" not in str(dropped[field].message)
    outer, _, inner = field.partition(".")
    assert not (found.fields[outer] or {}).get(inner) if inner else not found.fields[outer]


def test_what_is_altered_is_listed_with_what_stood_there_and_why() -> None:
    found = read(
        source_id="ＮＴ－１",
        title="南通⼯业　大学",
        summary="无",
        address="崇川区\u200b路",
        industry="新材料、氢能",
        contact={"name": "Ａ先生", "phone": "１３8 1234 5678"},
        organization={"name": "甲", "credit_code": f"{CREDIT_CODE[:4]} {CREDIT_CODE[4:].lower()}"},
        valid_from=46024,
        valid_until="长期",
    )
    assert isinstance(found, Content)
    assert {(each.field, each.before, each.after, each.rule) for each in found.altered} == {
        ("source_id", "ＮＴ－１", "NT-1", "full_width"),
        ("title", "南通⼯业　大学", "南通工业 大学", "radicals"),
        ("summary", "无", None, "nothing"),
        ("address", "崇川区\u200b路", "崇川区路", "unseen"),
        ("industry", "新材料、氢能", "新材料、氢能", "list"),
        ("contact.name", "Ａ先生", "A先生", "full_width"),
        ("contact.phone", "*** **** **78", "138****5678", "phone"),
        ("organization.credit_code", f"{CREDIT_CODE[:4]} {CREDIT_CODE[4:].lower()}", CREDIT_CODE, "code"),
        ("valid_from", "46024", "2026-01-02", "date"),
        ("valid_until", "长期", None, "nothing"),
    }


def test_a_row_as_it_should_be_is_not_altered() -> None:
    found = read(
        title="南通大学",
        longitude="120.9",
        latitude=32,
        industry=["氢能"],
        tense="future",
        contact={"phone": "13812345678"},
    )
    assert isinstance(found, Content)
    assert found.altered == ()


def test_numbers_that_name_something_may_be_numbers_in_json() -> None:
    assert content(source_id=1001)["source_id"] == "1001"
    assert content(source_id=1001.0)["source_id"] == "1001"
    found = read(Kind.EQUIPMENT, details={"model": 2100})
    assert isinstance(found, Content)
    assert found.fields["details"] == {"model": "2100"}


def test_a_code_of_which_only_the_check_digit_is_wrong_is_kept_with_a_warning() -> None:
    wrong = CREDIT_CODE[:-1] + "4"
    found = read(organization={"name": "甲", "credit_code": wrong})
    assert isinstance(found, Content)
    assert found.fields["organization"]["credit_code"] == wrong
    (warning,) = found.altered
    assert (warning.rule, warning.code, warning.warns) == ("check_digit", "credit_code_check_digit", True)


@pytest.mark.parametrize("number", [PERSON, "311002199103150297", "320211198002290018", "11010519491231002X"])
def test_a_number_of_a_person_is_refused_whatever_its_check_digits_and_is_not_quoted(number: str) -> None:
    found = read(organization={"name": "甲", "credit_code": number})
    assert isinstance(found, Rejection)
    assert found.code == "credit_code_of_a_person"
    assert number[6:14] not in found.message
