"""The pictures of the clerks' guide: terminals as they print, worksheets as a spreadsheet program shows them."""

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from playwright.async_api import Browser
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from tests.clerk import Clerk, Typed

_WIDTH = 100
_TERMINALS = {"--annotated": "clerk-check", "--dry-run": "clerk-dry-run", "--out 回执": "clerk-push"}
_SHEETS = {"清单.xlsx": "clerk-template", "清单.批注.xlsx": "clerk-annotated"}
_COLUMNS, _ROWS = 11, 5
_STYLE = """
body { margin: 0; font: 14px "Noto Sans SC", sans-serif; }
table { border-collapse: collapse; } td, th { border: 1px solid #d4d8dd; padding: 6px 10px; white-space: nowrap; }
th { background: #f2f4f6; color: #667; font-weight: 400; } td.head { font-weight: 600; background: #e3f1ef; }
td.marked { background: #ffe2de; } td small { display: block; color: #a3271b; white-space: normal; max-width: 240px; }
"""


async def take(clerk: Clerk, browser: Browser, folder: Path) -> None:
    """Writes them into the folder, from what the clerk typed and made."""
    for words, name in _TERMINALS.items():
        typed = next(each for each in clerk.typed if words in each.command)
        (folder / f"{name}.svg").write_text(terminal(typed), encoding="utf-8")
    page = await browser.new_page(viewport={"width": 1440, "height": 600})
    for file, name in _SHEETS.items():
        sheet = openpyxl.load_workbook(clerk.folder / file)["清单"]
        await page.set_content(f"<style>{_STYLE}</style>{_table(sheet)}")
        await page.locator("table").screenshot(path=folder / f"{name}.png")
    await page.close()


def terminal(typed: Typed) -> str:
    """What was typed and printed, as SVG that names no other host."""
    console = Console(record=True, width=_WIDTH, file=io.StringIO())
    console.print(Text(f"$ {typed.command}", style="bold"))
    console.print(Text.from_ansi(typed.output.rstrip()))
    svg = console.export_svg(title="huning-agent", theme=DIMMED_MONOKAI, unique_id="terminal")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def _table(sheet: Worksheet) -> str:
    letters = "".join(f"<th>{chr(ord('A') + number)}</th>" for number in range(_COLUMNS))
    return f"<table><tr><th></th>{letters}</tr>{''.join(_rows(sheet))}</table>"


def _rows(sheet: Worksheet) -> Iterator[str]:
    for number, row in enumerate(sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS), 1):
        cells = "".join(_cell(each, head=number == 1) for each in row if isinstance(each, Cell))
        yield f"<tr><th>{number}</th>{cells}</tr>"


def _cell(cell: Cell, *, head: bool) -> str:
    kind = "head" if head else "marked" if cell.comment else ""
    note = f"<small>{html.escape(cell.comment.text)}</small>" if cell.comment else ""
    return f'<td class="{kind}">{html.escape(str(cell.value or ""))}{note}</td>'
