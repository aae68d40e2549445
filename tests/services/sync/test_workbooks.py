"""What the rows of a workbook hold, beyond the verdicts that the corpus asks for."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import read_rows
from services.sync.rows.places import At
from tests.services.sync.corpus.workbook import Formula, one_sheet

Read = Callable[[bytes], list[tuple[dict[str, Any], At | None]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(content: bytes) -> list[tuple[dict[str, Any], At | None]]:
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        return [(each.values, each.at) for each in read_rows(path)]

    return reading


def test_a_header_of_two_rows_is_one_with_the_group_before_the_point(read: Read) -> None:
    rows = (("编号", "联系人", None, "备注"), (None, "姓名", "电话", None), ("A1", "某某", 12345, "乙"))
    merged = ["A1:A2", "B1:C1", "D1:D2"]
    assert read(one_sheet(*rows, merged=merged)) == [
        ({"编号": "A1", "联系人.姓名": "某某", "联系人.电话": "12345", "备注": "乙"}, At(3, "清单"))
    ]


def test_a_group_over_columns_that_have_no_names_of_their_own_is_the_first_of_them(read: Read) -> None:
    rows = (("编号", "名称", None, "地址"), (), ("A1", "甲", None, "乙"))
    assert read(one_sheet(*rows, merged=["B1:C1"]))[0][0] == {"编号": "A1", "名称": "甲", "地址": "乙"}


def test_cells_that_are_merged_downwards_say_the_same_in_every_row(read: Read) -> None:
    rows = (("编号", "单位"), ("A1", "甲"), ("A2", None), ("A3", None))
    assert [row["单位"] for row, _ in read(one_sheet(*rows, merged=["B2:B3"]))] == ["甲", "甲", ""]


def test_numbers_are_as_excel_shows_them(read: Read) -> None:
    rows = (("a", "b", "c", "d", "e"), (1.0, 0.1 + 0.2, 999999999999999, 10**15, True))
    assert read(one_sheet(*rows))[0][0] == {
        "a": "1",
        "b": "0.3",
        "c": "999999999999999",
        "d": "1.00000E+15",
        "e": "TRUE",
    }


def test_a_formula_is_what_it_came_to_even_if_that_is_nothing(read: Read) -> None:
    rows = (("编号", "名称", "地址"), ("A1", Formula("B9", "甲"), Formula("C9", "")))
    assert read(one_sheet(*rows))[0][0] == {"编号": "A1", "名称": "甲", "地址": ""}


def test_a_formula_that_was_never_computed_is_no_empty_cell(read: Read) -> None:
    with pytest.raises(UnreadableError, match="工作表“清单”第 2 行的公式没有计算结果"):
        read(one_sheet(("编号", "名称"), ("A1", Formula("VLOOKUP(A1,Z:Z,1)"))))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_an_error_cell_is_no_empty_cell_however_its_xml_is_written(quote: str, tmp_path: Path, read: Read) -> None:
    content = one_sheet(("编号", "名称"), ("A1", "#DIV/0!"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    sheet = entries["xl/worksheets/sheet1.xml"].replace(b' t="e"', f" t={quote}e{quote}".encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, entry in {**entries, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, entry)
    assert read(out.getvalue())[0][0]["名称"] == "#DIV/0!"


def test_names_that_lead_out_of_the_archive_are_ignored(read: Read, tmp_path: Path) -> None:
    content = io.BytesIO(one_sheet(("编号", "名称"), ("A1", "甲")))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("../outside.xml", "<x/>")
    assert len(read(content.getvalue())) == 1
    assert not (tmp_path.parent / "outside.xml").exists()
