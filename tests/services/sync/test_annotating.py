"""The clerk's own workbook comes back with its bad cells marked."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from services.sync.agent.check import check
from services.sync.agent.receipt import in_order
from services.sync.rows.annotating import annotate
from services.sync.rows.files import read_rows
from services.sync.rows.reading import Pushed
from services.sync.wire import CoordinateSystem
from shared.values.jurisdictions import Jurisdiction
from tests.services.sync.corpus import verdict
from tests.services.sync.corpus.file import File
from tests.services.sync.corpus.files import FILES
from tests.services.sync.corpus.workbook import Formula, one_sheet

BOOKS = [each for each in FILES if each.name.endswith(".xlsx") and not each.refused]
HEADER = ("编号", "名称", "经度", "纬度", "联系电话", "网址")


def annotated(of: bytes | File, folder: Path) -> Any:
    """The workbook with the marks that a check of it gives."""
    file = of if isinstance(of, File) else File("清单.xlsx", of)
    prepared, headers = verdict.read(file, folder, [])
    pushed = Pushed(headers.kind, CoordinateSystem.GCJ02, Jurisdiction.NANTONG)
    rows = [each.model_dump(by_alias=True) for each in in_order(check(prepared, pushed, headers.columns))]
    return load_workbook(io.BytesIO(annotate(file.content, rows)))


def comments(book: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for cell in _cells(book) if cell.comment}


def _cells(book: Any) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from row


def test_a_bad_cell_has_a_colour_and_a_comment_that_says_what_to_do(tmp_path: Path) -> None:
    content = one_sheet(
        HEADER,
        ("A1", "甲", None, None, "13800000000"),
        ("A2", None, None, None, "打不通"),
        ("A3", "乙", None, None, "12"),
    )
    book = annotated(content, tmp_path)
    assert comments(book) == {
        "B3": "拒收：标题必填，请补上",
        "E3": "拒收：电话号码“打不通”无法识别，请写成 13800000000 或 0510-88888888 的形式",
        "E4": "提醒：电话号码“12”无法识别，请写成 13800000000 或 0510-88888888 的形式",
    }
    assert [book["清单"][at].fill.fgColor.rgb for at in ("B3", "E4", "B2")] == ["00FFC7CE", "00FFEB9C", "00000000"]


def test_where_there_is_one_right_value_it_is_suggested_in_the_cell_that_takes_it(tmp_path: Path) -> None:
    content = one_sheet(HEADER, ("A1", "甲", 31.98, 120.89), ("A2", "乙", None, None, None, "www.example.com"))
    said = comments(annotated(content, tmp_path))
    assert said["C2"].endswith("\n建议改为：120.89")
    assert said["D2"].endswith("\n建议改为：31.98")
    assert said["F3"].endswith("\n建议改为：http://www.example.com")


def test_a_row_that_comes_twice_is_marked_in_its_first_cell(tmp_path: Path) -> None:
    said = comments(annotated(one_sheet(HEADER, ("A1", "甲"), ("A1", "乙")), tmp_path))
    assert list(said) == ["A2"]
    assert said["A2"].startswith("重复：")


def test_the_mark_is_on_the_cell_that_holds_the_value_of_merged_ones_and_below_a_title_beside_an_empty_column(
    tmp_path: Path,
) -> None:
    rows = (
        (None, "南通市清单"),
        (None, "编号", "名称", "联系人", None),
        (None, None, None, "姓名", "电话"),
        (None, "A1", "甲", "某某", "13"),
        (None, "A2", "乙", "某某", None),
    )
    content = one_sheet(*rows, merged=["B1:E1", "B2:B3", "C2:C3", "D2:E2", "E4:E5"])
    said = comments(annotated(content, tmp_path))
    assert list(said) == ["E4"]


def test_what_the_clerk_had_stays_comments_formulas_and_drop_downs(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(HEADER)
    sheet.append(("A1", "甲", None, None, "12"))
    sheet["E2"].comment = Comment("下周再问", "某某")
    sheet.add_data_validation(DataValidation(type="list", formula1='"甲,乙"', sqref="B2:B9"))
    sheet.column_dimensions["B"].width = 33
    out = io.BytesIO()
    book.save(out)
    given = annotated(out.getvalue(), tmp_path)
    assert comments(given)["E2"].startswith("下周再问\n提醒：")
    assert given.active.data_validations.dataValidation[0].formula1 == '"甲,乙"'
    assert given.active.column_dimensions["B"].width == 33
    with_formula = annotated(one_sheet(HEADER, ("A1", Formula('"甲"&"乙"', "甲乙"), None, None, "12")), tmp_path)
    assert with_formula["清单"]["B2"].value == '="甲"&"乙"'


@pytest.mark.parametrize("file", BOOKS, ids=lambda file: file.name)
def test_every_workbook_of_the_corpus_comes_back_with_its_values_and_a_mark_for_each_bad_row(
    file: File, tmp_path: Path
) -> None:
    (tmp_path / file.name).write_bytes(file.content)
    before = [each.values for each in read_rows(tmp_path / file.name)]
    book = annotated(file, tmp_path)
    again = io.BytesIO()
    book.save(again)
    (tmp_path / file.name).write_bytes(again.getvalue())
    if not any(cell.data_type == "f" for cell in _cells(book)):  # Excel computes them when it opens the file
        assert [each.values for each in read_rows(tmp_path / file.name)] == before
    bad = [each for each in file.verdicts if "rejected" in each or "duplicate" in each or "dropped" in each]
    assert len(comments(book)) >= min(len(bad), 1)
