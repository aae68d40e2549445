import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sync.rows.details import SCHEMAS
from services.sync.rows.mapping import FIELDS
from services.sync.rows.places import At
from services.sync.rows.reading import MAX_ROW_BYTES, Content, Deletion, Pushed, read_row, source_id_of
from services.sync.rows.rejections import Rejection
from services.sync.rows.row import Row
from services.sync.tests.builders import content, line, read
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind, RecordState
from shared.values.row_fields import RowFields

CREDIT_CODE = "91350100M000100Y43"
"""The example of GB 32100-2015."""
PERSON = "311002199103150296"
"""A 公民身份号码 of nobody, which passes the checks of both standards and begins with a class of law firms."""
SCIENTIFIC = "number_in_scientific_notation"


def test_a_rejected_row_tells_all_that_is_wrong_in_it() -> None:
    found = read(title="", tense="昨天", contact={"phone": "12"})
    assert isinstance(found, Rejection)
    assert [found.code, *(each.code for each in found.also)] == ["missing", "not_one_of", "phone_not_understood"]


def test_a_row_with_everything_is_published_clean_and_masked() -> None:
    fields = content(
        source_id="ＮＴ－１",
        title="　南通　第２实验室 ",
        industry=["氢能", " 氢能", ""],
        organization={"name": "南通大学", "credit_code": CREDIT_CODE.lower()},
        contact={"name": "联系人", "phone": "13812345678"},
        longitude="120.9",
        latitude=31.98,
        valid_from="2025年1月2日",
        portal_url="https://example.com/a",
    )
    assert fields["source_id"] == "NT-1"
    assert fields["title"] == "南通 第2实验室"
    assert fields["industry"] == ["氢能"]
    assert fields["organization"] == {"name": "南通大学", "credit_code": CREDIT_CODE}
    assert fields["contact"] == {"name": "联系人", "phone_masked": "138****5678"}
    assert (fields["longitude"], fields["latitude"]) == (120.9, 31.98)
    assert fields["valid_from"] == "2025-01-02"


def test_no_digit_of_the_phone_number_beyond_the_mask_is_kept() -> None:
    assert "13812345678" not in str(content(contact={"phone": "13812345678"}))


def test_a_bd09_point_becomes_gcj02() -> None:
    found = read_row(line(longitude=116.404, latitude=39.915), Pushed(Kind.PLATFORM, CoordinateSystem.BD09))
    assert isinstance(found, Content)
    assert (found.fields["longitude"], found.fields["latitude"]) == (116.397627, 39.908657)


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"owner": "x"}, "owner", "unknown_field"),
        ({"title": None}, "title", "wrong_type"),
        ({"title": 7}, "title", "wrong_type"),
        ({"title": " 　"}, "title", "missing"),
        ({"title": "长" * 301}, "title", "too_long"),
        ({"title": {"$ne": None}}, "title", "wrong_type"),
        ({"source_id": [7]}, "source_id", "wrong_type"),
        ({"source_id": "3.2021E+17"}, "source_id", "number_in_scientific_notation"),
        ({"source_id": 320211198001011234}, "source_id", "number_in_scientific_notation"),
        ({"source_id": 3.2021e17}, "source_id", "number_in_scientific_notation"),
        ({"source_id": "-"}, "source_id", "missing"),
        ({"title": "暂无"}, "title", "missing"),
        ({"title": "#REF!"}, "title", "error_cell"),
        ({"title": "########"}, "title", "error_cell"),
        ({"title": "南通\ufffd\ufffd大学"}, "title", "text_damaged"),
        ({"source_id": "合　计", "title": "310"}, "title", "total_row"),
        ({"title": "总计：310 条"}, "title", "total_row"),
        ({"tense": "now"}, "tense", "not_one_of"),
        ({"industry": 7}, "industry", "wrong_type"),
        ({"industry": ["氢能", 7]}, "industry[1]", "wrong_type"),
        ({"industry": ["x"] * 21}, "industry", "too_many"),
        ({"organization": {"name": "甲", "credit_code": "0" * 18}}, "organization.credit_code", "credit_code_invalid"),
        (
            {"organization": {"name": "甲", "credit_code": PERSON}},
            "organization.credit_code",
            "credit_code_of_a_person",
        ),
        ({"organization": {"name": "甲", "credit_code": "9.1320E+17"}}, "organization.credit_code", SCIENTIFIC),
        ({"contact": {"phone": "1.38E+10"}}, "contact.phone", SCIENTIFIC),
        ({"contact": {"email": "x"}}, "contact.email", "unknown_field"),
        ({"details": {"model": "X"}}, "details.model", "unknown_field"),
        ({"_deleted": "yes"}, "_deleted", "wrong_type"),
        ({"_deleted": True}, "title", "deletion_with_fields"),
    ],
)
def test_a_bad_row_is_rejected_with_its_field_and_code(fields: dict[str, Any], field: str, code: str) -> None:
    rejection = read(**fields)
    assert isinstance(rejection, Rejection)
    assert (rejection.field, rejection.code) == (field, code)
    assert "{" not in rejection.message


@pytest.mark.parametrize("source_id", ["3E10", "12e3", "1E5", "7d83E+2x", "20250000000000001000"])
def test_an_id_that_only_looks_like_a_number_is_one(source_id: str) -> None:
    assert content(source_id=source_id)["source_id"] == source_id


def test_ids_that_lost_their_digits_are_not_taken_for_one() -> None:
    assert source_id_of(b'{"source_id":"3.2021E+17"}') is None
    assert source_id_of(b'{"source_id":320211198001011234}') is None


def test_a_row_that_names_a_field_twice_is_rejected() -> None:
    found = read_row(b'{"source_id":"A","title":"B","title":"C"}', Pushed(Kind.PLATFORM))
    assert isinstance(found, Rejection)
    assert found.code == "repeated_field"


@pytest.mark.parametrize(
    ("at", "known"),
    [({"line": 17}, At(17)), ({"line": 3, "sheet": "甲"}, At(3, "甲")), ({"line": "17"}, None), (7, None), ({}, None)],
)
def test_where_a_row_stands_is_said_of_whatever_becomes_of_it(at: object, known: At | None) -> None:
    assert read(_at=at).at == known
    assert read(title="", _at=at).at == known
    deletion = read_row(json.dumps({"source_id": "A", "_deleted": True, "_at": at}).encode(), Pushed(Kind.PLATFORM))
    assert deletion == Deletion("A", known)


def test_the_hint_for_scientific_notation_says_what_to_do() -> None:
    rejection = read(contact={"phone": 1.38e10})
    assert isinstance(rejection, Rejection)
    assert rejection.message == "电话号码被表格软件写成了 1.38E+10，请将该列设为文本后重新导出"


def test_what_a_field_may_be_is_told_without_a_word_of_english() -> None:
    rejection = read(tense="now")
    assert isinstance(rejection, Rejection)
    assert rejection.message == "时态只能是过去时、进行时、未来时之一"


@pytest.mark.parametrize("written", ["future", "未来时", " 未来时　", "ｆｕｔｕｒｅ"])
def test_what_a_field_may_be_may_be_written_as_it_is_told(written: str) -> None:
    assert content(tense=written)["tense"] == "future"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "标题必填，请补上"),
        ({"industry": ["氢能", 7]}, "行业标签第 2 项的类型不对，应为文字"),
        ({"owner": "x"}, "没有这个字段，请删去或改成接口文档中的字段名"),
        ({"_deleted": "注销"}, "删除标记的类型不对，应为是（true）或否（false）"),
        ({"details": {"fund_size_fen": 1.5}}, "基金规模的类型不对，应为整数（以分为单位）"),
    ],
)
def test_a_field_is_called_by_its_chinese_name(fields: dict[str, Any], message: str) -> None:
    rejection = read(Kind.FINANCE, **fields)
    assert isinstance(rejection, Rejection)
    assert rejection.message == message


def test_coordinates_of_an_undeclared_system_are_rejected() -> None:
    rejection = read_row(line(longitude=120.9, latitude=31.9), Pushed(Kind.PLATFORM))
    assert isinstance(rejection, Rejection)
    assert rejection.code == "coordinates_undeclared"
    assert isinstance(read_row(line(), Pushed(Kind.PLATFORM)), Content)


@pytest.mark.parametrize(
    "text", [b"{", b"[]", b"7", b'{"source_id":NaN}', b"[" * 10_000, b'{"a":' + b"9" * 100_000 + b"}", b'{"a":"\xff"}']
)
def test_a_line_that_is_no_json_object_is_rejected(text: bytes) -> None:
    rejection = read_row(text, Pushed(Kind.PLATFORM))
    assert isinstance(rejection, Rejection)
    assert rejection.code in ("bad_json", "row_too_large")


def test_a_row_over_its_limit_is_rejected_before_it_is_read() -> None:
    rejection = read_row(line(summary="x" * MAX_ROW_BYTES), Pushed(Kind.PLATFORM))
    assert isinstance(rejection, Rejection)
    assert (rejection.code, rejection.source_id) == ("row_too_large", "NT-001")


def test_a_deletion_is_its_id_alone() -> None:
    assert read_row(b'{"source_id":"NT-001","_deleted":true}', Pushed(Kind.PLATFORM)) == Deletion("NT-001")


@pytest.mark.parametrize(
    ("kind", "details", "published"),
    [
        (
            Kind.FINANCE,
            {"fund_size_fen": 5, "stage": "Ａ轮", "sectors": ["氢能"]},
            {"fund_size_fen": 5, "stage": "A轮", "sectors": ["氢能"]},
        ),
        (
            Kind.EVENT,
            {"starts_at": "2026-03-01T09:00:00+08:00", "place": "展览馆"},
            {"starts_at": "2026-03-01T01:00:00Z", "place": "展览馆"},
        ),
        (Kind.EQUIPMENT, {"model": "JEM-2100"}, {"model": "JEM-2100"}),
        (Kind.POLICY, {"document_number": "苏科〔2025〕1号"}, {"document_number": "苏科〔2025〕1号"}),
        (Kind.PLATFORM, {}, {}),
    ],
)
def test_details_follow_the_schema_of_their_kind(
    kind: Kind, details: dict[str, Any], published: dict[str, Any]
) -> None:
    found = read(kind, details=details)
    assert isinstance(found, Content)
    assert found.fields["details"] == published


def test_published_fields_are_exactly_those_of_a_record() -> None:
    added = {"jurisdiction", "kind", "deleted", "batch_id", "updated_at"}
    assert set(content()) == set(RecordState.model_fields) - added
    assert set(content()) == set(Row.model_fields)


_PHONE = "13812345678"
_WRITTEN = (_PHONE, int(_PHONE), float(_PHONE), "138-1234-5678/139 0000 1111", "1.3812345678E+10", f"{_PHONE}x" * 30)
_PATHS = [*FIELDS[3:], _PHONE, f"contact.{_PHONE}", "details.stage", f"details.{_PHONE}"]


@pytest.mark.parametrize("written", _WRITTEN)
@pytest.mark.parametrize("path", _PATHS)
def test_a_rejection_quotes_no_telephone_number_in_whatever_column_it_stood(path: str, written: Any) -> None:
    outer, _, inner = path.partition(".")
    found = read(Kind.FINANCE, **{outer: {inner: written} if inner else written})
    if isinstance(found, Rejection):
        assert _PHONE not in re.sub(r"\D", "", f"{found.field} {found.message}")
    elif isinstance(found, Content) and path != "source_id":
        said = json.dumps([each.shown({}) for each in found.altered], ensure_ascii=False)
        assert _PHONE not in re.sub(r"\D", "", said)


_LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text()


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_line_is_read_as_the_json_that_it_is(value: Any) -> None:
    text = json.dumps({"source_id": "A", "value": value}).encode()
    assert source_id_of(text) == "A"


@pytest.mark.parametrize(
    "text",
    [
        b'{"source_id":"A","x":NaN}',
        b'{"source_id":"A\\ud800"}',
        b'{"source_id":"\xff"}',
        b"[" * 60_000,
        b'["source_id"]',
    ],
    ids=["NaN", "half of a pair", "no UTF-8", "nested too deep", "no object"],
)
def test_what_is_no_json_object_is_bad_json_and_never_an_exception(text: bytes) -> None:
    found = read_row(text, Pushed(Kind.PLATFORM))
    assert isinstance(found, Rejection)
    assert found.code == "bad_json"
    assert source_id_of(text) is None


def test_a_number_of_thousands_of_digits_costs_nothing_and_is_left_out() -> None:
    found = read_row(b'{"source_id":"A","title":"T","longitude":' + b"9" * 60_000 + b"}", Pushed(Kind.PLATFORM))
    assert isinstance(found, Content)
    assert (found.fields["longitude"], found.altered[0].code) == (None, "number_not_understood")


def test_a_mapping_knows_exactly_the_fields_of_a_row() -> None:
    nested = {"organization": ("name", "credit_code"), "contact": ("name", "phone")}
    expected = [
        path
        for name in Row.model_fields
        if name != "details"
        for path in ([f"{name}.{inner}" for inner in nested[name]] if name in nested else [name])
    ]
    assert list(FIELDS) == [*expected, "_deleted"]


def test_exactly_the_fields_of_a_row_have_a_chinese_name() -> None:
    details = {f"details.{name}" for schema in SCHEMAS.values() for name in schema.model_fields}
    assert set(RowFields) == {*FIELDS, *Row.model_fields, *details}
    assert len({each.chinese for each in RowFields}) == len(RowFields)


def test_an_error_cell_for_an_amount_costs_the_amount_alone() -> None:
    found = read(Kind.FINANCE, details={"fund_size_fen": "#REF!", "stage": "A轮"})
    assert isinstance(found, Content)
    assert found.fields["details"] == {"stage": "A轮"}
    assert [(each.field, each.rule) for each in found.altered] == [("details.fund_size_fen", "dropped")]
