"""A template of a kind, to be filled in: headers by which the filled list is read without a mapping, drop-downs, checks, and a
sheet that explains, with an example of each column.

Choices stand in a hidden sheet: a check of Excel holds 255 characters, and a file with a longer one is corrupt. Examples stand
beside the list and never in it, where they would be pushed as records.
"""

import io
from functools import cache

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.sync.rows.examples import EXAMPLES, TITLES
from services.sync.rows.vocabulary import AMOUNTS, fields_of, header_for, identity_of
from services.sync.rows.workbooks import EXPLANATION
from shared.events.sync import Kind
from shared.values.csv_lines import BYTE_ORDER_MARK, csv_line
from shared.values.industries import Industries
from shared.values.kinds import Tense
from shared.values.row_fields import field_name

LIST, CHOICES = "清单", "选项"
LAST_LINE = 5_000
"""Down to here cells are checked; below they are read all the same."""
_NOT_ASKED = {"_deleted", "details.fund_size_currency"}
_REQUIRED = {"source_id", "title"}
_TEXT, _DAY, _MOMENT, _DEGREES, _NUMBER = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.000000", "General"
_FORMATS = {
    "valid_from": _DAY,
    "valid_until": _DAY,
    "details.starts_at": _MOMENT,
    "details.ends_at": _MOMENT,
    "longitude": _DEGREES,
    "latitude": _DEGREES,
    "details.fund_size_fen": _NUMBER,
}
"""Of columns that are no text. What is text keeps its zeros and its long numbers whole."""
_CHOSEN = {"tense": [each.chinese for each in Tense], "industry": [each.value for each in Industries]}
_WIDE = {"title", "summary", "address", "industry", "organization.name", "portal_url"}
_HEAD, _HEAD_REQUIRED = PatternFill("solid", fgColor="D9E1F2"), PatternFill("solid", fgColor="FFE699")


def columns_of(kind: Kind) -> dict[str, str]:
    """Field → header, in the order of the template."""
    return {path: _header(kind, path) for path in fields_of(kind) if path not in _NOT_ASKED}


def examples_of(kind: Kind) -> dict[str, str]:
    """Field → what may stand in its column."""
    return {path: TITLES[kind] if path == "title" else EXAMPLES[path][1] for path in columns_of(kind)}


def as_csv(kind: Kind) -> str:
    """The header alone: a line of examples would be read as a record."""
    return BYTE_ORDER_MARK + csv_line(columns_of(kind).values())


@cache
def as_xlsx(kind: Kind) -> bytes:
    """The workbook: the list, the explanation, and the choices, which are hidden."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = LIST
    _explain(book.create_sheet(EXPLANATION), kind)
    choices = book.create_sheet(CHOICES)
    choices.sheet_state = "hidden"
    for at, (path, header) in enumerate(columns_of(kind).items(), 1):
        letter = get_column_letter(at)
        _head(sheet, at, path, header)
        check = _check(path, letter, _choices(choices, path))
        check.promptTitle, check.prompt = header[:32], f"{EXAMPLES[path][0]}。例：{examples_of(kind)[path]}"[:255]
        check.showInputMessage = True
        check.add(f"{letter}2:{letter}{LAST_LINE}")
        sheet.add_data_validation(check)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _header(kind: Kind, path: str) -> str:
    name = header_for(kind, path)
    if path in AMOUNTS:
        return f"{name}（万元）"
    return f"*{name}" if path in _REQUIRED else name


def _head(sheet: Worksheet, at: int, path: str, header: str) -> None:
    cell = sheet.cell(1, at, header)
    cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
    cell.fill = _HEAD_REQUIRED if path in _REQUIRED else _HEAD
    column = sheet.column_dimensions[get_column_letter(at)]
    column.width, column.number_format = 30 if path in _WIDE else 18, _FORMATS.get(path, _TEXT)


def _check(path: str, letter: str, choices: str | None) -> DataValidation:
    """What Excel checks while somebody types. Only what is surely wrong stops them."""
    if choices:
        stops = path == "tense"  # an industry that is not in the list is taken, and several may be written
        return DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=stops)
    match path:
        case "source_id":
            once = f"COUNTIF(${letter}$2:${letter}${LAST_LINE},{letter}2)=1"
            return DataValidation(type="custom", formula1=once, showErrorMessage=True, error="编号重复了。")
        case "longitude":
            return _between("73", "135.5", "中国的经度在 73 到 135.5 之间。是否与纬度填反了？")
        case "latitude":
            return _between("3.5", "53.8", "中国的纬度在 3.5 到 53.8 之间。是否与经度填反了？")
        case "organization.credit_code":
            return DataValidation(
                type="textLength", operator="equal", formula1="18", showErrorMessage=True, error="信用代码应为 18 位。"
            )
    return DataValidation()


def _between(least: str, most: str, error: str) -> DataValidation:
    return DataValidation(
        type="decimal", operator="between", formula1=least, formula2=most, showErrorMessage=True, error=error
    )


def _choices(sheet: Worksheet, path: str) -> str | None:
    """Where the choices of a field stand; None for a field that has none."""
    if path not in _CHOSEN:
        return None
    at = list(_CHOSEN).index(path) + 1
    for line, choice in enumerate(_CHOSEN[path], 1):
        sheet.cell(line, at, choice)
    letter = get_column_letter(at)
    return f"{quote_sheetname(CHOICES)}!${letter}$1:${letter}${len(_CHOSEN[path])}"


def _explain(sheet: Worksheet, kind: Kind) -> None:
    made_of = "和".join(f"“{field_name(each)}”" for each in identity_of(kind))
    sheet.append([f"{kind.chinese}：请在“{LIST}”中填写，一行一条，表头不要改动；不需要的列可以留空或删去。"])
    sheet.append(["从其他表格粘贴时，请用“选择性粘贴：数值”。"])
    sheet.append([f"没有编号时请删去编号列，平台将由{made_of}生成编号；这两列填好后不要再改动，改动就是另一条记录。"])
    sheet.append([])
    sheet.append(["列名", "必填", "怎么填", "示例"])
    for path, header in columns_of(kind).items():
        sheet.append([header, "是" if path in _REQUIRED else "", EXAMPLES[path][0], examples_of(kind)[path]])
    for cell in sheet[5]:
        cell.font, cell.fill = Font(bold=True), _HEAD
    for letter, width in zip("ABCD", (24, 8, 60, 40), strict=True):
        sheet.column_dimensions[letter].width = width
