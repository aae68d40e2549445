"""The agent against a platform over real HTTP: what a clerk sees, and what the platform holds afterwards."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.sync.agent.signing import create_key
from services.sync.agent.tests.desk import Clerk, rows
from services.sync.agent.tests.platform import Platform

MAPPING = Path(__file__).parents[4] / "deploy/local/sample/mapping.yaml"


def test_a_good_file_is_pushed_signed_and_its_receipt_shown(clerk: Clerk, platform: Platform) -> None:
    done = clerk.runs("push", clerk.writes("a.json", rows(3)))
    assert done.returncode == 0, done.stderr
    assert [row["title"] for row in platform.rows("batch-1")] == ["机构0", "机构1", "机构2"]
    assert "新增" in done.stdout
    assert "batch-1" in done.stdout
    assert platform.batches["batch-1"]["jurisdiction"] == "suzhou"


def test_the_receipt_as_json_is_json_and_nothing_else(clerk: Clerk) -> None:
    receipt = json.loads(clerk.runs("push", clerk.writes("a.json", rows(3)), "--json").stdout)
    assert receipt["counts"]["added"] == 3
    assert receipt["rejected_rows"] == []


def test_rejected_rows_end_with_2_and_are_listed_over_all_pages(clerk: Clerk, platform: Platform) -> None:
    platform.rejected = [
        {"row": n, "source_id": f"s-{n}", "field": "contact.phone", "code": "x", "message": f"电话不对[{n}]"}
        for n in range(1, 6)
    ]
    done = clerk.runs("push", clerk.writes("a.json", rows(9)))
    assert done.returncode == 2
    assert all(f"电话不对[{n}]" in done.stdout for n in range(1, 6))
    assert "拒收" in done.stdout
    assert "联系电话" in done.stdout
    assert not re.search("contact|institution|applied", done.stdout), "people read names, and no codes"


def test_a_fault_that_passes_is_waited_out_and_makes_one_batch(clerk: Clerk, platform: Platform) -> None:
    answers: list[tuple[int, dict[str, Any]]] = [(503, {}), (429, {"retry_after": 0}), (0, {})]

    def fault(_method: str, _path: str) -> tuple[int, dict[str, Any]] | None:
        return answers.pop() if answers else None

    platform.fault = fault
    done = clerk.runs("push", clerk.writes("a.json", rows(3)))
    assert done.returncode == 0, done.stderr
    assert list(platform.batches) == ["batch-1"]


def test_an_interrupted_push_goes_on_with_its_batch_and_sends_only_what_is_missing(
    clerk: Clerk, platform: Platform
) -> None:
    file = clerk.writes("a.json", rows(2500))
    platform.fault = lambda _method, path: (
        (403, {"code": "x", "title": "拒绝", "detail": "不行"}) if path.endswith("parts/1") else None
    )
    assert clerk.runs("push", file).returncode == 1
    platform.fault = lambda _method, _path: None
    platform.requests.clear()
    done = clerk.runs("push", file)
    assert done.returncode == 0, done.stderr
    assert "继续" in done.stderr
    sent = [path.rsplit("/", 1)[-1] for method, path in platform.requests if method == "PUT"]
    assert sent == ["1", "2"]
    assert list(platform.batches) == ["batch-1"]
    assert len(platform.rows("batch-1")) == 2500


def test_a_push_whose_first_answer_was_lost_makes_no_second_batch(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda method, path: (0, {}) if path.endswith("parts/0") else None
    assert clerk.runs("push", file, HUNING_AGENT_PATIENCE="0").returncode == 1
    journal = next((clerk.desk / "state").glob("push-*.json"))
    journal.write_text(json.dumps({**json.loads(journal.read_text()), "batch_id": None}))
    platform.fault = lambda _method, _path: None
    assert clerk.runs("push", file).returncode == 0
    assert list(platform.batches) == ["batch-1"]


def test_a_finished_file_pushed_again_is_a_new_batch(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    assert clerk.runs("push", file).returncode == 0
    assert clerk.runs("push", file).returncode == 0
    assert list(platform.batches) == ["batch-1", "batch-2"]
    assert not list((clerk.desk / "state").iterdir())


def test_a_settled_batch_of_an_earlier_run_is_shown_and_the_file_is_pushed_anew(
    clerk: Clerk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run was interrupted after the commit, and then somebody pushed another file over it."""
    first = clerk.writes("a.json", [{"source_id": "A1", "title": "甲"}])
    second = clerk.writes("b.json", [{"source_id": "A1", "title": "乙"}])
    with monkeypatch.context() as patch:
        patch.setattr("services.sync.agent.receipt.fetch", interrupted)
        assert clerk.runs("push", first).returncode == 1
    assert clerk.runs("push", second).returncode == 0
    assert platform.records == {"A1": "乙"}
    done = clerk.runs("push", first, "--json")
    assert done.returncode == 0, done.stderr
    assert platform.records == {"A1": "甲"}
    assert json.loads(done.stdout)["id"] == "batch-3"
    assert "上次推送这份文件的批次 batch-1 已经完成" in done.stderr
    assert not list((clerk.desk / "state").iterdir())


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_push_that_was_cut_off_after_its_commit_waits_for_its_receipt_and_pushes_nothing_twice(
    clerk: Clerk, platform: Platform
) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda method, path: (403, {"code": "x", "title": "拒绝"}) if (method, path[-5:]) == LOOK else None
    committed = platform.commit

    def commits_slowly(batch: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        committed(batch)
        batch["state"] = "processing"
        return 202, batch

    platform.commit = commits_slowly  # type: ignore[method-assign]
    assert clerk.runs("push", file).returncode == 1
    looks = iter((False, True))

    def applied(method: str, path: str) -> None:
        if (method, path[-5:]) == LOOK and next(looks, True):
            platform.batches["batch-1"]["state"] = "applied"

    platform.fault = applied
    done = clerk.runs("push", file)
    assert done.returncode == 0, done.stderr
    assert "上次推送没有完成，现在继续。" in done.stderr
    assert list(platform.batches) == ["batch-1"]


LOOK = ("GET", "tch-1")
"""The request that looks at the batch."""


def test_three_thousand_equal_mistakes_are_one_line_with_their_rows(clerk: Clerk, platform: Platform) -> None:
    platform.page = 100
    platform.rejected = [
        {
            "row": n,
            "source_id": f"s-{n}",
            "field": "contact.phone",
            "code": "number_in_scientific_notation",
            "message": "电话号码被表格软件写成了 1.38E+10，请将该列设为文本后重新导出",
            "at": {"sheet": None, "line": n + 4, "column": "手机"},
        }
        for n in range(1, 3001)
    ]
    done = clerk.runs("push", clerk.writes("a.json", rows(3500)), COLUMNS="40")
    (line,) = [each for each in done.stdout.splitlines() if "1.38E+10" in each]
    assert line == (
        "· 第 5–3004 行（共 3000 行） [联系电话，文件中的列“手机”] "
        "电话号码被表格软件写成了 1.38E+10，请将该列设为文本后重新导出"
    )


def test_what_was_left_out_is_a_warning_with_its_sheet_and_line_and_ends_with_0(
    clerk: Clerk, platform: Platform
) -> None:
    dropped = {
        "field": "portal_url",
        "from": "见官网",
        "to": None,
        "rule": "dropped",
        "code": "x",
        "message": "请写网址",
    }
    cleaned = {"field": "title", "from": " 甲", "to": "甲", "rule": "blanks"}
    platform.warned = [
        {
            "row": 1,
            "source_id": "s-1",
            "verdict": "added",
            "normalized": [cleaned, dropped],
            "at": {"sheet": "平台", "line": 7, "column": None},
        }
    ]
    file = clerk.writes("a.json", rows(3))
    done = clerk.runs("push", file)
    assert done.returncode == 0, done.stderr
    assert "提醒：1 行已经采用" in done.stdout
    assert "· 工作表“平台”第 7 行（s-1） [详情网址] 请写网址\n" in done.stdout
    assert json.loads(clerk.runs("push", file, "--json").stdout)["warned_rows"][0]["normalized"][1]["from"] == "见官网"


def test_a_mapped_column_that_the_file_lacks_is_refused_before_anything_is_sent(
    clerk: Clerk, platform: Platform
) -> None:
    mapping = clerk.desk / "m.yaml"
    mapping.write_text("fields: {title: title, address: 地址}\nsource_id: source_id\n", encoding="utf-8")
    done = clerk.runs("push", clerk.writes("a.json", rows(3)), "--mapping", mapping)
    assert done.returncode == 1
    assert "文件里没有映射文件要的这些列：地址。文件里有：source_id、title。" in done.stderr
    assert platform.requests == []


def test_the_rows_say_where_they_stand_and_the_batch_what_the_file_calls_its_columns(
    clerk: Clerk, platform: Platform
) -> None:
    mapping = clerk.desk / "m.yaml"
    mapping.write_text("fields: {title: 名称}\nsource_id: 编号\n", encoding="utf-8")
    (clerk.desk / "a.csv").write_text("编号,名称\n\nA1,甲\n", encoding="utf-8")
    assert clerk.runs("push", clerk.desk / "a.csv", "--mapping", mapping).returncode == 0
    assert platform.rows("batch-1") == [{"title": "甲", "source_id": "A1", "_at": {"line": 3}}]
    assert platform.batches["batch-1"]["columns"] == {"title": "名称", "source_id": "编号"}


def test_a_push_that_another_run_committed_meanwhile_waits_for_the_same_receipt(
    clerk: Clerk, platform: Platform
) -> None:
    def committed_by_another(_method: str, path: str) -> tuple[int, dict[str, Any]] | None:
        if not path.endswith("parts/1"):
            return None
        platform.batches["batch-1"] |= {"state": "applied", "counts": {"added": 1500}}
        return 409, {"code": "batch_committed", "title": "批次已提交", "detail": "不能再上传。"}

    platform.fault = committed_by_another
    done = clerk.runs("push", clerk.writes("a.json", rows(1500)), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["added"] == 1500


def test_a_batch_that_the_platform_no_longer_has_is_begun_anew(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda _method, path: (403, {"code": "x", "title": "拒绝"}) if path.endswith("commit") else None
    assert clerk.runs("push", file).returncode == 1
    platform.batches.clear()
    platform.fault = lambda _method, _path: None
    assert clerk.runs("push", file).returncode == 0
    assert len(platform.rows("batch-1")) == 3


def test_parts_that_the_platform_lost_are_sent_again_by_the_next_run(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda _method, path: (0, {}) if path.endswith("commit") else None
    assert clerk.runs("push", file, HUNING_AGENT_PATIENCE="0").returncode == 1
    platform.parts["batch-1"].clear()
    platform.fault = lambda _method, _path: None
    assert clerk.runs("push", file).returncode == 1
    assert clerk.runs("push", file).returncode == 0


def test_a_foreign_key_is_refused_and_nothing_is_opened(clerk: Clerk, platform: Platform, tmp_path: Path) -> None:
    create_key(tmp_path / "other.pem")
    done = clerk.runs("push", clerk.writes("a.json", rows(1)), "--key", tmp_path / "other.pem")
    assert done.returncode == 1
    assert platform.batches == {}


def test_coordinates_of_an_unknown_system_are_refused_before_anything_is_sent(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", [{"source_id": "1", "title": "x", "longitude": 120.6, "latitude": 31.3}])
    done = clerk.runs("push", file)
    assert done.returncode == 1
    assert "--coordinates" in done.stderr
    assert platform.requests == []


def test_the_eight_sample_files_hold_352_rows_of_306_institutions(clerk: Clerk, platform: Platform) -> None:
    files = sorted((MAPPING.parent / "institutions").glob("*.json"))
    for file in files:
        done = clerk.runs("push", file, "--mapping", MAPPING, "--jurisdiction", file.stem)
        assert done.returncode == 0, done.stderr
    every = [row for batch in platform.batches for row in platform.rows(batch)]
    assert len(files) == 8
    assert len(every) == 352
    assert len({row["source_id"] for row in every}) == 306
    assert all({"source_id", "title", "address", "longitude", "latitude"} == set(row) for row in every)
    assert {batch["coordinates"] for batch in platform.batches.values()} == {"bd09"}


def test_keygen_prints_the_public_key_alone_and_never_overwrites(clerk: Clerk, tmp_path: Path) -> None:
    made = clerk.runs("keygen", tmp_path / "new.pem")
    assert len(base64.b64decode(made.stdout)) == 32
    assert (tmp_path / "new.pem").stat().st_mode & 0o077 == 0
    again = clerk.runs("keygen", tmp_path / "new.pem")
    assert again.returncode == 1
    assert "不会覆盖" in again.stderr
