"""What a clerk gets as Excel: a template to fill in, their own workbook with its faults marked, and a receipt to sign."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from services.sync.agent.answers import Row
from services.sync.agent.errors import AgentError
from services.sync.rows import templates
from services.sync.rows.annotating import annotate
from services.sync.rows.errors import reason
from shared.events.sync import Kind

Format = Literal["xlsx", "csv"]
MARKED = ".批注"
"""Stands before the ending of a marked workbook's name, which nobody pushes unawares."""


def write_template(kind: Kind, out: Path | None, format: Format | None) -> Path:
    """Where it was written. AgentError where a file stands there: it may be filled in."""
    as_csv = format == "csv" or (format is None and out is not None and out.suffix.lower() == ".csv")
    path = out or Path(f"{kind.chinese}模板.{'csv' if as_csv else 'xlsx'}")
    content = templates.as_csv(kind).encode() if as_csv else templates.as_xlsx(kind)
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise AgentError(f"模板写不到 {path}：{reason(error)}。请用 --out 换一个文件名。") from error
    return path


def write_marked(file: Path, rows: Sequence[Row]) -> Path:
    """The workbook with the faults of these rows marked, beside it; an earlier one is replaced."""
    path = file.with_name(f"{file.stem}{MARKED}{file.suffix}")
    refuse_unmarkable(file)
    try:
        path.write_bytes(annotate(file.read_bytes(), [each.model_dump(by_alias=True) for each in rows]))
    except OSError as error:
        raise AgentError(f"批注写不到 {path}：{reason(error)}。如果它正在 Excel 里打开，请先关闭。") from error
    return path


def refuse_unmarkable(file: Path) -> None:
    """AgentError where the file is no workbook: text has no place for comments."""
    if file.suffix.lower() != ".xlsx":
        raise AgentError(f"只有 Excel 工作簿（.xlsx）可以批注，{file.name} 不是。请按回执里的行号和列名改正。")
