"""Excel workbooks made by hand, so that they can be as wrong as those of cities."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Formula:
    """A cell with a formula, and what it came to, unless nobody computed it."""

    text: str
    value: str | None = None


Cell = str | int | float | bool | date | Formula | None


@dataclass(frozen=True)
class Sheet:
    """Text that begins with # is an error cell; `merged` are ranges such as A1:C1; `dimension` is what the file claims."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: Sequence[str] = ()
    state: str = "visible"
    dimension: str = ""


def workbook(*sheets: Sheet, **more: bytes) -> bytes:
    """A file of these sheets; `more` are entries of the archive beside them, __ standing for / and _ for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _content_types(len(sheets)))
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/workbook.xml", _workbook(sheets))
        files = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*files, ("styles", "styles.xml")]))
        archive.writestr("xl/styles.xml", _STYLES)
        for number, sheet in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(sheet))
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def one_sheet(*rows: Sequence[Cell], merged: Sequence[str] = ()) -> bytes:
    """A workbook with one list."""
    return workbook(Sheet("清单", rows, merged))


def _content_types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    inner = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{number}" state="{sheet.state}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{inner}</sheets></workbook>'


def _sheet(sheet: Sheet) -> str:
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(f"{_letter(at)}{number}", cell) for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in sheet.merged)
    merges = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    dimension = f'<dimension ref="{sheet.dimension}"/>' if sheet.dimension else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{dimension}<sheetData>{rows}</sheetData>{merges}</worksheet>'


def _cell(at: str, cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
        case int() | float():
            return f'<c r="{at}"><v>{cell!r}</v></c>'
        case Formula():
            value = "" if cell.value is None else f"<v>{escape(cell.value)}</v>"
            return f'<c r="{at}" t="str"><f>{escape(cell.text)}</f>{value}</c>'
        case date():
            return f'<c r="{at}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
        case str() if cell.startswith("#"):
            return f'<c r="{at}" t="e"><v>{cell}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


def _letter(at: int) -> str:
    return chr(ord("A") + at)
