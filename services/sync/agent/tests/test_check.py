"""A file looked at without the platform."""

import json

from services.sync.agent.tests.desk import Clerk
from services.sync.agent.tests.platform import Platform


def test_a_check_says_what_is_wrong_and_asks_nobody(clerk: Clerk, platform: Platform) -> None:
    file = clerk.desk / "机构.csv"
    file.write_text("source_id,title,contact.phone\nA1,甲,13800000000\nA2,,\nA1,乙,12\n", encoding="utf-8")
    done = clerk.runs("check", file, HUNING_AGENT_SERVER="http://127.0.0.1:1")
    assert done.returncode == 2
    assert "第 3 行（A2） [标题" in done.stdout
    assert "标题必填，请补上" in done.stdout
    assert "第 4 行（A1） [联系电话" in done.stdout
    assert platform.requests == []
    shown = json.loads(clerk.runs("check", file, "--json").stdout)
    assert shown["counts"] == {"accepted": 1, "duplicate": 1, "rejected": 1}
    assert (shown["rows"], shown["warnings"]) == (3, 1)
    assert shown["rejected_rows"][0]["code"] == "missing"


def test_a_row_that_comes_again_is_shown_with_its_line(clerk: Clerk) -> None:
    file = clerk.desk / "机构.csv"
    file.write_text("source_id,title\nA1,甲\nA2,丙\nA1,乙\n", encoding="utf-8")
    said = clerk.runs("check", file).stdout
    assert "文件内重复的行" in said
    assert "· 第 2 行（A1） 编号“A1”与第 4 行相同，以那一行为准；请删去此行" in said


def test_a_check_of_a_good_file_ends_well(clerk: Clerk) -> None:
    done = clerk.runs("check", clerk.writes("a.json", [{"source_id": "A1", "title": "甲"}]))
    assert done.returncode == 0, done.stderr
    assert "可以采用" in done.stdout


def test_coordinates_of_no_declared_system_stop_a_check_as_they_stop_a_push(clerk: Clerk) -> None:
    row = {"source_id": "A1", "title": "甲", "longitude": 120.6, "latitude": 31.3}
    done = clerk.runs("check", clerk.writes("a.json", [row]))
    assert done.returncode == 1
    assert "请用 --coordinates 说明坐标系" in done.stderr
