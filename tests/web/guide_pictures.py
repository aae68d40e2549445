"""The pictures of the clerks' guide: terminals as they print, worksheets as a spreadsheet program shows them."""

import html
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from playwright.async_api import Browser
from rich.cells import cell_len

from tests.clerk import Clerk, Typed

_TERMINALS = {"--annotated": "clerk-check", "--dry-run": "clerk-dry-run", "--out 回执": "clerk-push"}
_SHEETS = {"清单.xlsx": "clerk-template", "清单.批注.xlsx": "clerk-annotated"}
_COLUMNS, _ROWS = 11, 5
_STYLE = """
body { margin: 0; font: 14px "Noto Sans SC", sans-serif; }
table { border-collapse: collapse; } td, th { border: 1px solid #d4d8dd; padding: 6px 10px; white-space: nowrap; }
th { background: #f2f4f6; color: #667; font-weight: 400; } td.head { font-weight: 600; background: #e3f1ef; }
td.marked { background: #ffe2de; min-width: 150px; }
td small { display: block; color: #a3271b; white-space: normal; max-width: 240px; }
.terminal { display: inline-block; padding: 16px 20px; background: #1e2328; color: #d8dee4; white-space: pre; }
.terminal p { margin: 0; line-height: 20px; } .terminal p:first-child { color: #fff; }
.terminal i { display: inline-block; width: 8px; text-align: center; font-style: normal; }
.terminal i.of-2 { width: 16px; }
"""


async def take(clerk: Clerk, browser: Browser, folder: Path) -> None:
    """Writes them into the folder, from what the clerk typed and made."""
    page = await browser.new_page(viewport={"width": 1440, "height": 600})
    for words, name in _TERMINALS.items():
        typed = next(each for each in clerk.typed if words in each.command)
        await page.set_content(f"<style>{_STYLE}</style>{_terminal(typed)}")
        await page.locator(".terminal").screenshot(path=folder / f"{name}.png")
    for file, name in _SHEETS.items():
        sheet = openpyxl.load_workbook(clerk.folder / file)["清单"]
        await page.set_content(f"<style>{_STYLE}</style>{_table(sheet)}")
        await page.locator("table").screenshot(path=folder / f"{name}.png")
    await page.close()


def _terminal(typed: Typed) -> str:
    """What was typed and printed, every character in its cells, as a terminal has them."""
    lines = [f"$ {typed.command}", *typed.output.rstrip().splitlines()]
    return f'<div class="terminal">{"".join(f"<p>{_cells(line)}</p>" for line in lines)}</div>'


def _cells(line: str) -> str:
    return "".join(f'<i class="of-{cell_len(each)}">{html.escape(each)}</i>' for each in line) or "&nbsp;"


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
