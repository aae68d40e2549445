"""What a city's file turns into, before anything is sent."""

import codecs
import errno
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sync.agent.parts import prepare
from services.sync.rows.errors import UnreadableError, reason
from services.sync.rows.files import first_row, read_rows
from services.sync.rows.mapping import Mapping, load_mapping
from services.sync.rows.places import At
from services.sync.rows.sent import BYTES_A_PART, ROWS_A_PART

CSV = "编号,单位名称,industry,longitude\r\nA1,“苏州”大学,新材料、氢能,120.6\r\n,,,\r\nA2,产研院,,\r\n"
READ = [
    {"编号": "A1", "单位名称": "“苏州”大学", "industry": "新材料、氢能", "longitude": "120.6"},
    {"编号": "A2", "单位名称": "产研院", "industry": "", "longitude": ""},
]


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_csv_reads_the_same_in_every_encoding_that_cities_use(tmp_path: Path, encoding: str) -> None:
    found = list(read_rows(written(tmp_path, "a.csv", CSV.encode(encoding))))
    assert [each.values for each in found] == READ
    assert [each.at for each in found] == [At(2), At(4)]


def test_json_and_ndjson_hold_the_same_rows(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in READ) + "\n\n"
    for name in ("a.ndjson", "a.jsonl", "a.txt"):
        found = list(read_rows(written(tmp_path, name, codecs.BOM_UTF8 + lines.encode())))
        assert [each.values for each in found] == READ
        assert [each.at for each in found] == [At(1), At(2)]
    found = list(read_rows(written(tmp_path, "a.JSON", json.dumps(READ, ensure_ascii=False).encode("gbk"))))
    assert [(each.values, each.at) for each in found] == [(row, None) for row in READ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", b'[{"a": 1}, {"a"', "第 1 行第"),
        ("a.json", b'{"a": 1}', "列表"),
        ("a.json", b"[1]", "第 1 个元素"),
        ("a.json", b"[" * 100_000, "嵌套过深"),
        ("a.ndjson", b'{"a": 1}\n{"a"', "^第 2 行不是完整的 JSON：写到一半就断了。请重新导出。$"),
        ("a.ndjson", b'{"a": 1}\n{"a"\n{"a": 1}\n', "^第 2 行不是完整的 JSON：写到一半就断了"),
        ("a.ndjson", b'{"a": 1}\n{"a": x}\n', "^第 2 行不是完整的 JSON：第 7 个字符处无法读下去。请重新导出。$"),
        ("a.ndjson", b"[" * 100_000, "第 1 行不是完整的 JSON：嵌套过深"),
        ("a.ndjson", b"[]\n", "第 1 行应当是一个对象"),
        ("a.csv", b"a,b\n1,2,3\n", "第 2 行有 3 列"),
        ("a.csv", b'a,b\n1,"2\n3,4\n5,6\n', "^从第 2 行起不是完整的 CSV：引号没有成对"),
        ("a.csv", b'a,b\n"1\n1",2\n1,"2"3\n', "^从第 4 行起不是完整的 CSV：.*右引号后面还有文字"),
        ("a.csv", b'a,b\n"1\n1",2\n3\n', "^第 4 行有 1 列，表头有 2 列"),
        ("a.csv", b"a,a\n1,2\n", "表头"),
        ("a.csv", b"a,b\n\x81\xff\xff,2\n", "编码"),
        ("a.xls", b"x", "另存为 .xlsx 或 CSV"),
        ("a.xlsx", b"PK\x03\x04", "不是完整的 Excel 工作簿"),
        ("a.csv", b"a,b\n", "没有数据行"),
        ("a.json", b"", "不是完整的 JSON"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused_with_the_place(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableError, match=said):
        list(first_row(read_rows(written(tmp_path, name, content))))


def test_a_cell_of_any_length_is_read_for_the_platform_to_judge(tmp_path: Path) -> None:
    (row,) = read_rows(written(tmp_path, "a.csv", b"summary\n" + b"x" * 140_000))
    assert len(row.values["summary"]) == 140_000


def test_a_folder_in_place_of_a_file_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(UnreadableError, match=r"^读不到文件 .*a\.csv：这是一个文件夹，不是文件。请检查路径。$"):
        list(read_rows(tmp_path / "a.csv"))
    with pytest.raises(UnreadableError, match="这是一个文件夹"):
        load_mapping(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("number", "said"), [(errno.EACCES, "没有权限"), (errno.ENOSPC, "磁盘已满"), (9999, "系统错误 9999")]
)
def test_what_the_system_says_of_a_file_is_said_in_chinese(number: int, said: str) -> None:
    assert said in reason(OSError(number, "English"))


def test_fields_come_from_dotted_paths_and_constants() -> None:
    mapping = Mapping(
        fields={"title": "名称", "latitude": "location.lat", "organization.name": "单位.全称"},
        constants={"tense": "present", "contact.name": "科技局"},
        source_id="编号",
    )
    row = {"名称": " 校区 ", "location": {"lat": 31.3}, "单位": {"全称": "苏州大学"}, "编号": "A1"}
    assert mapping.apply(row) == {
        "title": " 校区 ",
        "latitude": 31.3,
        "organization": {"name": "苏州大学"},
        "tense": "present",
        "contact": {"name": "科技局"},
        "source_id": "A1",
    }


def test_a_column_whose_name_holds_a_dot_is_found() -> None:
    assert Mapping(fields={"title": "a.b"}).apply({"a.b": "x", "a": {"b": "y"}}) == {"title": "x"}


def test_cells_become_flags_and_empty_ones_vanish_and_the_rest_is_left_for_the_platform() -> None:
    row = {"title": " x", "industry": "新材料、氢能", "longitude": "12_0.6", "_deleted": "是", "summary": "  "}
    left = {"title": " x", "industry": "新材料、氢能", "longitude": "12_0.6", "_deleted": True}
    assert Mapping().apply(row) == left


@pytest.mark.parametrize("said", ["true", "1", "YES", " Y ", "y", "是", "已删除", "删除", "√"])
def test_every_yes_that_cities_write_deletes_the_row(said: str) -> None:
    assert Mapping().apply({"source_id": "A1", "_deleted": said}) == {"source_id": "A1", "_deleted": True}


@pytest.mark.parametrize("said", ["false", "0", "No", "N", "否"])
def test_every_no_that_cities_write_keeps_the_row(said: str) -> None:
    assert Mapping().apply({"source_id": "A1", "_deleted": said}) == {"source_id": "A1", "_deleted": False}


def test_an_empty_cell_for_deleted_says_nothing() -> None:
    assert Mapping().apply({"source_id": "A1", "_deleted": " "}) == {"source_id": "A1"}


@pytest.mark.parametrize("said", ["注销", "D", "2", "不是"])
def test_a_word_for_deleted_that_nobody_knows_is_no_silent_no_but_is_rejected_on_the_receipt(said: str) -> None:
    row = Mapping().apply({"source_id": "A1", "title": "x", "_deleted": said})
    assert row["_deleted"] == said


def test_a_row_that_a_mapping_deletes_is_its_id_alone_whatever_its_other_columns_hold() -> None:
    mapping = Mapping.model_validate(
        {
            "fields": {"title": "名称", "_deleted": "注销"},
            "constants": {"tense": "present"},
            "source_id": {"digest": ["名称"]},
        }
    )
    kept, gone = mapping.apply({"名称": "x", "注销": "N"}), mapping.apply({"名称": "x", "注销": "Y"})
    assert gone == {"source_id": kept["source_id"], "_deleted": True}
    assert kept == {"title": "x", "tense": "present", "source_id": gone["source_id"], "_deleted": False}


def test_dotted_columns_of_a_csv_become_nested_fields() -> None:
    row = {"organization.name": "苏州大学", "contact.phone": "1.38E+10"}
    assert Mapping().apply(row) == {"organization": {"name": "苏州大学"}, "contact": {"phone": "1.38E+10"}}


def test_an_id_is_the_digest_of_the_named_fields_and_of_nothing_else() -> None:
    mapping = Mapping.model_validate({"fields": {"title": "name"}, "source_id": {"digest": ["name", "address"]}})
    row = {"name": "苏州大学", "address": "干将东路333号", "area": "姑苏区"}
    expected = hashlib.sha256('["苏州大学","干将东路333号"]'.encode()).hexdigest()[:24]
    assert mapping.apply(row)["source_id"] == expected
    assert mapping.apply({**row, "area": "吴中区"})["source_id"] == expected


@given(st.lists(st.sampled_from(["甲", "乙", "1", "甲乙", "a b", "x" * 40]), min_size=2, max_size=2, unique=True))
def test_values_that_move_from_one_named_field_to_another_make_another_id(values: list[str]) -> None:
    mapping = Mapping.model_validate({"source_id": {"digest": ["a", "b"]}})
    first, second = values
    ids = {
        mapping.apply({"a": a, "b": b})["source_id"]
        for a, b in ((first, second), (second, first), (first + second, ""), ("", first + second))
    }
    assert len(ids) == 4


def test_a_row_without_any_of_the_named_fields_has_no_id() -> None:
    mapping = Mapping.model_validate({"source_id": {"digest": ["name"]}, "fields": {"title": "title"}})
    assert mapping.apply({"title": "x"}) == {"title": "x"}


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("fields: {titel: name}", "titel"),
        ("feilds: {}", "feilds"),
        ("kind: 大学", "kind"),
        ("source_id: {digest: []}", "source_id"),
        ("a: [", "YAML：第 1 行第 5 个字符处"),
        ("kind: institution\nfields:\n\ttitle: x", "YAML：第 3 行第 1 个字符处无法读下去。请检查那里和上一行：缩进"),
        ("a: \x00", "不能出现的字符"),
        ("- 1", "最外层"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_by_name(tmp_path: Path, yaml: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        load_mapping(written(tmp_path, "m.yaml", yaml.encode()))


def test_a_mapping_in_another_encoding_is_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="不是 UTF-8 编码。请另存为 UTF-8"):
        load_mapping(written(tmp_path, "m.yaml", "fields: {title: 名称}".encode("gbk")))


@given(st.lists(st.fixed_dictionaries({"title": st.text(max_size=40)}), max_size=40))
def test_parts_give_back_the_rows_and_their_digest(rows: list[dict[str, Any]]) -> None:
    import gzip

    prepared = prepare(rows)
    whole = b"".join(gzip.decompress(part.body) for part in prepared.parts)
    assert [json.loads(line) for line in whole.splitlines()] == rows
    assert prepared.sha256 == hashlib.sha256(whole).hexdigest()
    assert prepared == prepare(rows)


def test_parts_are_bounded_in_rows_and_in_bytes() -> None:
    many = prepare({"title": "x"} for _ in range(2 * ROWS_A_PART + 1))
    assert [part.rows for part in many.parts] == [ROWS_A_PART, ROWS_A_PART, 1]
    large = prepare({"title": "x" * (BYTES_A_PART // 3)} for _ in range(7))
    assert [part.rows for part in large.parts] == [2, 2, 2, 1]


def test_a_number_that_json_does_not_know_is_refused_with_its_row() -> None:
    with pytest.raises(UnreadableError, match="第 2 行"):
        prepare([{"longitude": 1.0}, {"longitude": float("nan")}])
