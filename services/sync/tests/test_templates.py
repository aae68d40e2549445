"""What a clerk fills into a template is taken as it is."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from services.sync.agent.sheets import Sheets
from services.sync.rows.errors import UnreadableError
from services.sync.rows.reading import Content, Pushed, read_row
from services.sync.rows.templates import LIST, as_csv, as_xlsx, columns_of, examples_of
from services.sync.rows.workbooks import EXPLANATION
from services.sync.tests.lines import lines_of
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

KINDS = pytest.mark.parametrize("kind", list(Kind))
AS_EXCEL_TYPES = {
    "longitude": 120.8946,
    "latitude": 31.9802,
    "valid_from": date(2026, 1, 1),
    "valid_until": date(2026, 12, 31),
    "details.starts_at": datetime(2026, 3, 5, 9, 30),
    "details.ends_at": datetime(2026, 3, 5, 11, 30),
    "details.fund_size_fen": 5000,
}


def read(path: Path, kind: Kind) -> tuple[list[Any], list[str]]:
    """The readings of the rows of a file, as the agent sends them without a mapping; and what the clerk is told beside."""
    notes: list[str] = []
    prepared, _ = Sheets.of(kind.value, None, "gcj02", None, notes.append).read(path)
    pushed = Pushed(kind, CoordinateSystem.GCJ02, Jurisdiction.NANTONG)
    return [read_row(line, pushed) for line in lines_of(prepared)], notes


def filled(kind: Kind, folder: Path, *rows: dict[str, Any]) -> Path:
    book = load_workbook(io.BytesIO(as_xlsx(kind)))
    for line, row in enumerate(rows, 2):
        for at, field in enumerate(columns_of(kind), 1):
            book[LIST].cell(line, at, row.get(field))
    path = folder / "清单.xlsx"
    book.save(path)
    return path


@KINDS
def test_a_filled_template_is_taken_as_it_is_without_a_mapping(kind: Kind, tmp_path: Path) -> None:
    typed = {**examples_of(kind), "source_id": "0012"}
    chosen = typed | {path: value for path, value in AS_EXCEL_TYPES.items() if path in typed} | {"source_id": "0013"}
    readings, notes = read(filled(kind, tmp_path, typed, chosen), kind)
    assert notes == [f"工作表“{EXPLANATION}”没有读取。", "工作表“选项”是隐藏的，没有读取。"]
    assert [each.source_id for each in readings] == ["0012", "0013"]
    assert all(isinstance(each, Content) and not any(a.warns for a in each.altered) for each in readings)
    assert {**readings[0].fields, "source_id": ""} == {**readings[1].fields, "source_id": ""}
    given = {path.split(".")[0] for path in columns_of(kind)}
    assert [name for name in given if not readings[0].fields[name]] == []


@KINDS
def test_a_template_without_its_column_of_ids_is_taken_too(kind: Kind, tmp_path: Path) -> None:
    path = filled(kind, tmp_path, examples_of(kind))
    book = load_workbook(path)
    book[LIST].delete_cols(1)
    book.save(path)
    ((only,), _) = read(path, kind)
    assert isinstance(only, Content)


@KINDS
def test_an_empty_template_holds_no_row(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv(kind), encoding="utf-8", newline="")
    for path in (filled(kind, tmp_path), tmp_path / "a.csv"):
        with pytest.raises(UnreadableError, match="没有数据行"):
            read(path, kind)


def test_the_csv_has_the_same_columns_and_a_mark_by_which_excel_knows_its_encoding() -> None:
    text = as_csv(Kind.FINANCE)
    assert text.startswith("\ufeff")
    assert next(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == list(columns_of(Kind.FINANCE).values())


def test_long_choices_stand_in_a_hidden_sheet_and_no_check_is_longer_than_excel_takes() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(Kind.FINANCE)))
    assert book["选项"].sheet_state == "hidden"
    checks = book[LIST].data_validations.dataValidation
    assert {each.formula1 for each in checks if each.type == "list"} == {"'选项'!$A$1:$A$3", "'选项'!$B$1:$B$35"}
    assert all(len(each.formula1 or "") <= 255 and len(each.prompt) <= 255 for each in checks)


def test_codes_and_telephone_numbers_are_text_as_they_are_typed() -> None:
    sheet: Any = load_workbook(io.BytesIO(as_xlsx(Kind.PLATFORM)))[LIST]
    by_header = {cell.value: sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
    assert {by_header[name] for name in ("*记录编号", "统一社会信用代码", "联系电话")} == {"@"}
