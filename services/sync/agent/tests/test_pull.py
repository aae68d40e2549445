"""A city follows what the others publish: whatever interrupts it, nothing is lost and nothing doubled."""

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from services.sync.agent import pull as pulling
from services.sync.agent.client import Client
from services.sync.agent.tests.desk import Clerk
from services.sync.agent.tests.platform import Answer, Platform

RECORD = {
    "title": "=检测平台",
    "industry": ["氢能", "新材料"],
    "organization": {"name": "苏州材料院", "credit_code": None},
    "longitude": 120.58,
    "latitude": 31.3,
    "contact": {"name": "王工", "phone_masked": "138****0001"},
    "tense": "present",
    "details": {},
}


def change(number: int, op: str = "upsert", version: int = 1) -> dict[str, Any]:
    record = None if op == "delete" else {**RECORD, "source_id": f"R{number}", "version": version}
    at = "2026-11-30T08:00:00.000Z"
    of = {"jurisdiction": "nantong", "kind": "platform", "source_id": f"R{number}", "version": version, "at": at}
    return {"op": op, **of, "record": record}


CHANGES = [*(change(number) for number in range(7)), change(3, "delete", 2), change(4, version=2)]
FORMATS = ("a.ndjson", "a.csv", "a.sqlite")


def held(file: Path) -> list[tuple[str, str, int]]:
    """What the file holds: operation, source_id and version in order; of a table the records that stand."""
    if file.suffix == ".sqlite":
        rows = sqlite3.connect(file).execute("SELECT 'upsert', source_id, version FROM records ORDER BY source_id")
        return [(str(op), str(source_id), int(version)) for op, source_id, version in rows]
    if file.suffix == ".csv":
        lines = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
        return [
            ({"更新": "upsert", "删除": "delete"}[each["操作"]], each["记录编号"], int(each["版本"])) for each in lines
        ]
    told = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(each["op"], each["source_id"], each["version"]) for each in told]


def expected(file: Path) -> list[tuple[str, str, int]]:
    if file.suffix != ".sqlite":
        return [(each["op"], each["source_id"], each["version"]) for each in CHANGES]
    return [("upsert", f"R{number}", 2 if number == 4 else 1) for number in range(7) if number != 3]


@pytest.mark.parametrize("name", FORMATS)
def test_all_changes_are_taken_once_and_later_only_the_new_ones(clerk: Clerk, platform: Platform, name: str) -> None:
    file = clerk.desk / name
    platform.changes = CHANGES[:5]
    done = clerk.runs("pull", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert "更新 5 条，删除 0 条" in done.stderr
    platform.changes = CHANGES
    done = clerk.runs("pull", file, "--json")
    assert json.loads(done.stdout) == {"upserted": 3, "deleted": 1}
    assert held(file) == expected(file)
    assert json.loads(clerk.runs("pull", file, "--json").stdout) == {"upserted": 0, "deleted": 0}
    assert held(file) == expected(file)


class Cut(BaseException):
    """The machine stops."""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("after_writing", [False, True])
def test_an_interruption_at_any_page_loses_and_doubles_nothing(
    clerk: Clerk, platform: Platform, monkeypatch: pytest.MonkeyPatch, name: str, after_writing: bool
) -> None:
    file, turns = clerk.desk / name, 0
    platform.changes = CHANGES
    writer = pulling._writer

    def cut(path: Path) -> pulling.Write:
        write = writer(path)

        def written(state: sqlite3.Connection, size: int, changes: pulling.Changes) -> int:
            nonlocal turns
            turns += 1
            if after_writing:
                size = write(state, size, changes)
            if turns % 2:
                raise Cut
            return size if after_writing else write(state, size, changes)

        return written

    monkeypatch.setattr(pulling, "_writer", cut)
    for _ in range(20):
        try:
            done = clerk.runs("pull", file)
        except Cut:
            continue
        assert done.returncode == 0
        break
    assert held(file) == expected(file)


@pytest.mark.parametrize("name", FORMATS)
def test_a_platform_that_fails_in_between_is_asked_again(clerk: Clerk, platform: Platform, name: str) -> None:
    faults: list[Answer | None] = [None, (503, {"code": "unavailable", "title": "暂不可用"}), None, (0, {})]
    platform.fault = lambda _method, _path: faults.pop(0) if faults else None
    platform.changes = CHANGES
    assert clerk.runs("pull", clerk.desk / name).returncode == 0
    assert held(clerk.desk / name) == expected(clerk.desk / name)


def test_what_people_open_begins_with_a_mark_speaks_chinese_and_has_no_formulas(
    clerk: Clerk, platform: Platform
) -> None:
    platform.changes = CHANGES
    file = clerk.desk / "a.csv"
    clerk.runs("pull", file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    first, *_ = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    assert (first["城市"], first["类别"], first["时间"]) == ("南通", "创新平台", "2026-11-30 16:00:00")
    assert (first["标题"], first["行业标签"], first["联系电话"]) == ("'=检测平台", "氢能、新材料", "138****0001")


def test_a_file_follows_what_it_followed_from_the_beginning(clerk: Clerk, platform: Platform) -> None:
    file = clerk.desk / "a.ndjson"
    assert clerk.runs("pull", file, "--from", "nantong", "--kind", "platform").returncode == 0
    assert platform.asked[-1] == {"jurisdiction": ["nantong"], "kind": ["platform"], "limit": ["100"]}
    done = clerk.runs("pull", file)
    assert done.returncode == 1
    assert "跟随的是另一个平台或另一些清单" in done.stderr


@pytest.mark.parametrize("name", ["a.ndjson", "a.csv"])
def test_a_file_that_somebody_cut_is_not_gone_on_with(clerk: Clerk, platform: Platform, name: str) -> None:
    platform.changes = CHANGES[:2]
    clerk.runs("pull", clerk.desk / name)
    (clerk.desk / name).write_text("")
    platform.changes = CHANGES
    done = clerk.runs("pull", clerk.desk / name)
    assert done.returncode == 1
    assert "内容已被改动" in done.stderr


def test_two_commands_on_one_file_take_turns(clerk: Clerk, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one comes while the first has asked for a page, and waits for it to be written."""
    monkeypatch.setattr(pulling, "_LOCK_SECONDS", 0.05)
    platform.changes = CHANGES
    file, said = clerk.desk / "a.ndjson", []
    ask = Client.changes

    def meanwhile(self: Client, cursor: str | None, chosen: pulling.Chosen) -> Any:
        monkeypatch.setattr(Client, "changes", ask)
        said.append(clerk.runs("pull", file).stderr)
        return ask(self, cursor, chosen)

    monkeypatch.setattr(Client, "changes", meanwhile)
    assert clerk.runs("pull", file).returncode == 0
    assert "另一个“pull”正在写同一个文件" in said[0]
    assert held(file) == expected(file)


@pytest.mark.parametrize("name", ["a.xlsx", "a"])
def test_another_format_is_refused_with_those_that_there_are(clerk: Clerk, name: str) -> None:
    done = clerk.runs("pull", clerk.desk / name)
    assert done.returncode == 1
    assert ".ndjson、.csv 或 .sqlite" in done.stderr
