"""A clerk who follows docs/city-clerks.zh.md to the letter, with a list that has a few faults at first."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from tests.client import Api
from tests.stack import Stack

PAGE = Path(__file__).parents[1] / "docs" / "city-clerks.zh.md"
CITY = "suzhou"

Row = Sequence[object]
_GOOD: Row = (
    *("SZ-001", "双极板涂层中试平台", "提供双极板涂层的中试与检测", "进行时", "新材料", "苏州新能源材料研究所", None),
    *("苏州工业园区金鸡湖大道99号", 120.73, 31.27, "服务台", "0512-62345678", None, "2026-01-01", "长期"),
)
_OTHERS: Sequence[Row] = (
    ("SZ-002", "高温合金检测中心", "面向航空企业", "进行时", "航空航天", None, None, "苏州市相城区", 120.64, 31.37),
    ("SZ-003", "精密轴承试验站", "寿命与可靠性试验", "进行时", "高端装备", None, None, "苏州市吴中区", 120.63, 31.26),
)
CLEAN: Sequence[Row] = (_GOOD, *_OTHERS)
FAULTY: Sequence[Row] = (
    (*_GOOD[:8], 31.27, 120.73, *_GOOD[10:]),
    ("SZ-002", None, *_OTHERS[0][2:]),
    (*_OTHERS[1][:3], "现在时", *_OTHERS[1][4:]),
)
"""Longitude and latitude swapped, no title, a word that is no tense."""


@dataclass
class Typed:
    """A command as it stands on the page, what it printed, and how it ended."""

    command: str
    output: str
    code: int


@dataclass
class Clerk:
    """Works in a folder of his own. `typed` is what he typed so far."""

    stack: Stack
    api: Api
    folder: Path
    typed: list[Typed] = field(default_factory=list)
    key_id: str = ""

    def follow(self) -> None:
        """All ten steps; what the page leaves to him he does after the command before it."""
        afterwards: dict[str, Callable[[], None]] = {
            "init --server": self._register,
            "template": lambda: self.fill(FAULTY),
            "--annotated": lambda: self.fill(CLEAN),
        }
        for command in commands():
            self._type(command)
            for words, do in afterwards.items():
                if words in command:
                    do()

    def fill(self, rows: Sequence[Row]) -> None:
        """The template with these rows."""
        file = self.folder / "清单.xlsx"
        workbook = openpyxl.load_workbook(file)
        sheet = workbook["清单"]
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value  # type: ignore[assignment]
        workbook.save(file)

    def _register(self) -> None:
        public_key = self.typed[-1].output.splitlines()[0].strip()
        body = {"jurisdiction": CITY, "name": "首轮数据核验", "public_key": public_key}
        self.key_id = self.api.as_(f"operator-{CITY}").post("sync/agents", json=body).expect(201)["key_id"]

    def _type(self, command: str) -> None:
        line = command.replace("https://平台地址", self.stack.base_url).replace("编号", self.key_id)
        environment = {
            **self.stack.environment,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HUNING_AGENT_CONFIG": str(self.folder / "agent.toml"),
            "HUNING_AGENT_STATE": str(self.folder / "state"),
            "COLUMNS": "100",
        }
        done = subprocess.run(
            line, shell=True, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        self.typed.append(Typed(command, done.stdout + done.stderr, done.returncode))


def commands() -> list[str]:
    """What the page has people type, but for the installation."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if not line.startswith("pip ")]
