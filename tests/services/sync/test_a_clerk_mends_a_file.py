"""A clerk has a list with sixty bad cells, and gets it clean by doing what the receipt says, and nothing else.

The clerk sees the screen alone. They know what is true of each line, as somebody with the papers does, and write it where the
receipt points to: into the cell of that line and column. What the receipt does not point to stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from services.sync.agent.tests.desk import Clerk
from services.sync.agent.tests.platform import Platform, running
from shared.values.credit_codes import check_character

ROWS, FIRST_LINE, STRIDE = 2_000, 3, 31
HEADER = (
    *("平台编号", "平台名称", "依托单位", "统一社会信用代码", "详细地址", "经度", "纬度", "联系人", "联系电话", "网址"),
    *("有效期自", "有效期至", "所属行业", "平台简介", "时态"),
)
_FAULT = re.compile(
    r"· (?P<places>(?:(?:；)?(?:工作表“[^”]*”)?第 [\d、–]+ 行)+)(?:（[^）]*）)? (?:\[(?P<field>[^\]]*)\] )?(?P<said>.*)"
)
_PLACE = re.compile(r"第 ([\d、–]+) 行")
_COLUMN = re.compile(r"文件中的列“(.*)”")
_SAME_ID = re.compile(r"与(?:工作表“[^”]*”)?第 (\d+) 行相同.*如果是两条记录请改正编号")
_SUGGESTED = re.compile(r"（建议：(.*)）$")


def true_row(number: int) -> dict[str, Any]:
    """What the papers say of a line."""
    code = f"91320600MA1{number:06d}"
    return dict(
        zip(
            HEADER,
            (
                *(f"NT-{number:05d}", f"南通第{number}检测平台", f"南通第{number}研究院", code + check_character(code)),
                *(
                    f"南通市崇川区工农路 {number} 号",
                    round(120.86 + number / 1e5, 5),
                    round(31.98 + number / 1e5, 5),
                    "张三",
                ),
                *(f"138{number:08d}", f"https://www.example.com/{number}", "2026-01-01", "2027-12-31", "新材料"),
                *("面向氢能企业的检测", "进行时"),
            ),
            strict=True,
        )
    )


BAD: dict[str, list[Any]] = {
    "平台编号": ["", "3.20211E+17", "#N/A", 320211199001011234, "NT-00100"],
    "平台名称": ["", "#REF!", "合计", "长" * 301, "锟斤拷平台"],
    "依托单位": ["无", "#N/A", "长" * 301],
    "统一社会信用代码": ["9132O6", "913206", "11010519491231002X", "无此代码单位编号不知道啊啊啊啊啊啊"],
    "详细地址": ["#REF!", "########", "长" * 301, "锟斤拷路"],
    "经度": ["东经120度", 139.69, 12.0, "", "nan", 0, "12_0.5"],
    "纬度": ["", "北纬", 35.68, "inf", 22.5],
    "联系电话": ["打不通", "1.38E+10", "12", "#N/A", "138000000000000"],
    "网址": ["见官网", "www.example.com/9", "javascript:alert(1)", "ftp://example.com"],
    "有效期自": ["明年", "2026-13-01", "2024-3-5 至 2025-3-4", "2028-01-01"],
    "有效期至": ["以后", "2025-12-31", "2026/2/30", "#VALUE!"],
    "所属行业": ["、".join(f"行业{n}" for n in range(21)), "长" * 51],
    "平台简介": ["长" * 5001, "锟斤拷锟斤拷"],
    "时态": ["将来吧", "昨天"],
}
"""What stands in cells instead of what is true, column by column."""


def dirty() -> list[tuple[int, str, Any]]:
    """(number of the row, column, what stands there): 60, a row with four, one with two, and one with swapped coordinates."""
    cells = [(column, value) for column, values in BAD.items() for value in values]
    spread = [(STRIDE * at + 11, column, value) for at, (column, value) in enumerate(cells)]
    swapped = [
        (at, each, true_row(at)[other]) for at in (1801,) for each, other in (("经度", "纬度"), ("纬度", "经度"))
    ]
    beside = [(11, "平台名称", ""), (11, "时态", "昨天"), (11, "联系电话", "12"), (11 + STRIDE * 9, "联系电话", "12")]
    return [*spread, *swapped, *beside]


def write(path: Path, bad: list[tuple[int, str, Any]]) -> None:
    rows = {number: true_row(number) for number in range(1, ROWS + 1)}
    for number, column, value in bad:
        if value == "9132O6":  # a letter O for a zero
            value = rows[number][column].replace("0", "O", 1)
        rows[number][column] = value
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "清单"
    sheet.append(["南通市创新平台清单"])
    sheet.append(HEADER)
    for row in rows.values():
        sheet.append(list(row.values()))
    book.save(path)


@dataclass
class Mending:
    """A clerk with a file and the papers, who reads the screen."""

    path: Path
    touched: set[tuple[int, str]] = field(default_factory=set)

    def follow(self, screen: str) -> int:
        """Does what each line says; how many things were done."""
        book = load_workbook(self.path)
        sheet, done = book["清单"], 0
        for line in screen.splitlines():
            if not line.startswith("· "):
                continue
            fault = _FAULT.fullmatch(line)
            assert fault, line
            for at in _lines(fault["places"]):
                self._mend(sheet, at, fault["field"], fault["said"])
                done += 1
        book.save(self.path)
        return done

    def _mend(self, sheet: Any, line: int, name: str | None, said: str) -> None:
        if suggestion := _SUGGESTED.search(said):
            for each in suggestion[1].split("，"):
                column, value = each.split("改为 ")
                self._write(sheet, line, column, value)
        elif name is None:  # two lines with one id: the papers say which is wrong
            same = _SAME_ID.search(said)
            assert same, said
            for each in (line, int(same[1])):
                self._write(sheet, each, "平台编号", true_row(each - FIRST_LINE + 1)["平台编号"])
        else:
            assert re.search("请|须|应|只能", said), f"it does not say what to do: {said}"
            for each in name.split("和"):
                found = _COLUMN.search(each)
                column = found[1] if found else each
                self._write(sheet, line, column, true_row(line - FIRST_LINE + 1)[column])

    def _write(self, sheet: Any, line: int, column: str, value: Any) -> None:
        sheet.cell(line, HEADER.index(column) + 1).value = value
        self.touched.add((line, column))


def _lines(places: str) -> Iterator[int]:
    for runs in _PLACE.findall(places):
        for run in runs.split("、"):
            first, _, last = run.partition("–")
            yield from range(int(first), int(last or first) + 1)


@pytest.fixture
def clerk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Clerk]:
    with running(Platform()) as platform:
        made = Clerk(platform, tmp_path, monkeypatch, capsys)
        made.settings |= {"HUNING_AGENT_KIND": "platform", "HUNING_AGENT_JURISDICTION": "nantong"}
        yield made


def test_a_clerk_gets_a_file_with_sixty_bad_cells_clean_in_two_rounds_by_what_the_receipt_says(clerk: Clerk) -> None:
    file, bad = clerk.desk / "清单.xlsx", dirty()
    assert len(bad) >= 60
    write(file, bad)
    mending = Mending(file)
    for _ in range(2):
        mending.follow(clerk.runs("check", file, "--coordinates", "gcj02").stdout)
    clean = clerk.runs("check", file, "--coordinates", "gcj02")
    assert "· " not in clean.stdout, clean.stdout
    assert clean.returncode == 0
    assert mending.touched >= {(number + FIRST_LINE - 1, column) for number, column, _ in bad}
    sheet = load_workbook(file)["清单"]
    for number, column, _ in bad:
        cell = sheet.cell(number + FIRST_LINE - 1, HEADER.index(column) + 1).value
        if column != "网址":
            assert str(cell) == str(true_row(number)[column])
