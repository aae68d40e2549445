"""A receipt as a workbook that a bureau signs."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from services.sync.rows import receipt_books
from services.sync.rows.receipt_books import CHANGED, LINES, SUMMARY, WITHDRAWN, Heading, ReceiptBook
from services.sync.rows.verdict_lines import COLUMNS

ROWS: list[dict[str, Any]] = [
    {
        "row": 1,
        "source_id": "0012",
        "verdict": "changed",
        "before": {"organization": {"name": "甲", "credit_code": None}, "tense": "past", "address": "#N/A"},
        "after": {"organization": {"name": "乙", "credit_code": None}, "tense": "present", "address": "＝1+1"},
        "at": {"sheet": "清单", "line": 2, "column": None},
    },
    {
        "row": 2,
        "source_id": "=HYPERLINK(1)",
        "verdict": "rejected",
        "field": "title",
        "code": "missing",
        "message": "标题必填，请补上",
        "at": {"sheet": "清单", "line": 3, "column": "平台名称"},
    },
    {
        "row": 3,
        "source_id": "\ufeff@x",
        "verdict": "added",
        "normalized": [
            {
                "field": "longitude",
                "from": "31.9, 120.9",
                "to": None,
                "rule": "dropped",
                "message": "请对调",
                "suggestions": [{"field": "latitude", "value": "31.9", "column": "北纬"}],
            },
            {"field": "summary", "from": "#N/A", "to": "\x01", "rule": "nothing"},
        ],
    },
]


def made(*, to_sign: bool = False, lines: dict[str, int] | None = None) -> Any:
    counts = {"新增": 1, "变更": 1, "未变": 0, "删除": 0, "拒收": 1, "重复": 0}
    book = ReceiptBook(Heading("首轮数据核验单", {"批次": "b-1", "城市": "南通"}, counts, lines or {}, to_sign))
    book.add(ROWS)
    book.add_withdrawn([("A9", "撤下的")])
    out = io.BytesIO()
    book.save(out)
    return load_workbook(out)


def lines_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_row_has_its_line_with_its_place_and_what_to_do() -> None:
    header, *below = lines_of(made()[LINES])
    assert header == list(COLUMNS.values())
    shown = [dict(zip(header, each, strict=True)) for each in below]
    assert [each["编号"] for each in shown] == ["0012", "'=HYPERLINK(1)", "'\ufeff@x"]
    second = {name: shown[1][name] for name in ("结论", "字段", "说明", "工作表", "文件行", "文件列")}
    assert list(second.values()) == ["拒收", "标题", "标题必填，请补上", "清单", 3, "平台名称"]
    assert shown[2]["整理与提醒"] == "经度：未采用，请对调；简介：视为空白（#N/A → ）"
    assert shown[2]["建议"] == "北纬改为 31.9"


def test_what_a_change_changed_is_a_line_for_each_field_before_and_after() -> None:
    assert lines_of(made()[CHANGED])[1:] == [
        [1, "0012", "单位名称", "甲", "乙"],
        [1, "0012", "时态", "过去时", "进行时"],
        [1, "0012", "地址", "#N/A", "'＝1+1"],
    ]


def test_no_cell_is_a_formula_or_an_error() -> None:
    book = made()
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_the_first_sheet_has_the_counts_and_a_dry_run_a_place_to_sign() -> None:
    first = lines_of(made(to_sign=True)[SUMMARY])
    assert first[0][0] == "首轮数据核验单"
    assert ["拒收", 1] in first
    assert ["合计", 3] in first
    assert [each[0] for each in first[-4:]] == ["核验单位", "核验人", "核验日期", "盖章"]
    assert "盖章" not in [each[0] for each in lines_of(made()[SUMMARY])]
    assert lines_of(made()[WITHDRAWN])[1:] == [["A9", "撤下的"]]


def test_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_books, "MOST_LINES", 2)
    book = made(lines={LINES: 3})
    assert len(lines_of(book[LINES])) == 1 + 2
    said = [each[0] for each in lines_of(book[SUMMARY]) if str(each[0]).startswith("“")]
    assert said == [f"“{name}”只列出前 2 行，一共有 3 行。全部内容请下载 CSV。" for name in (LINES, CHANGED)]
