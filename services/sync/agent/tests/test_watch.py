"""A folder that is pushed from."""

import json
from pathlib import Path

from services.sync.agent.tests.desk import Clerk, rows
from services.sync.agent.tests.platform import Platform
from services.sync.agent.watch import DONE, TO_MEND, Watched


def folder_of(clerk: Clerk) -> Path:
    folder = clerk.desk / "推送"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_what_is_put_into_the_folder_is_pushed_and_moved_with_its_receipt(clerk: Clerk, platform: Platform) -> None:
    folder = folder_of(clerk)
    (folder / "机构.json").write_text(json.dumps(rows(3)), encoding="utf-8")
    (folder / "~$机构.xlsx").write_text("open elsewhere")
    (folder / "机构.批注.xlsx").write_text("what a check gave back")
    (folder / "说明.docx").write_text("no list")
    done = clerk.runs("watch", folder, "--once", "--settle", "0")
    assert done.returncode == 0, done.stderr
    assert len(platform.records) == 3
    assert names(folder / DONE) == ["机构.json", "机构.json.回执.txt"]
    assert "批次  batch-1" in (folder / DONE / "机构.json.回执.txt").read_text(encoding="utf-8")
    assert names(folder) == sorted([DONE, "~$机构.xlsx", "机构.批注.xlsx", "说明.docx"])


def test_what_is_to_be_mended_is_told_apart(clerk: Clerk, platform: Platform) -> None:
    folder = folder_of(clerk)
    (folder / "半份.json").write_text('[{"source_id": "A1"', encoding="utf-8")
    (folder / "有错.json").write_text(json.dumps(rows(2)), encoding="utf-8")
    platform.rejected = [{"row": 2, "source_id": "s-1", "verdict": "rejected", "message": "请改正"}]
    done = clerk.runs("watch", folder, "--once", "--settle", "0")
    assert done.returncode == 2, done.stderr
    assert names(folder / TO_MEND) == ["半份.json", "半份.json.回执.txt", "有错.json", "有错.json.回执.txt"]
    assert "文件不是完整的 JSON" in (folder / TO_MEND / "半份.json.回执.txt").read_text(encoding="utf-8")


def test_what_failed_on_the_way_stays_and_is_tried_again(clerk: Clerk, platform: Platform) -> None:
    folder = folder_of(clerk)
    (folder / "机构.json").write_text(json.dumps(rows(1)), encoding="utf-8")
    platform.fault = lambda _method, _path: (503, {"code": "unavailable", "title": "平台正忙", "detail": "请稍后。"})
    assert clerk.runs("watch", folder, "--once", "--settle", "0", "--patience", "0").returncode == 1
    assert names(folder) == ["机构.json"]
    platform.fault = lambda _method, _path: None
    assert clerk.runs("watch", folder, "--once", "--settle", "0").returncode == 0
    assert names(folder) == [DONE]


def test_a_push_is_not_forgotten_before_its_receipt_is_in_the_folder(clerk: Clerk, platform: Platform) -> None:
    folder = folder_of(clerk)
    (folder / "机构.json").write_text(json.dumps(rows(1)), encoding="utf-8")
    (folder / DONE).write_text("a file where a folder should be")
    assert clerk.runs("watch", folder, "--once", "--settle", "0").returncode == 1
    assert len(list((clerk.desk / "state").iterdir())) == 1
    (folder / DONE).unlink()
    done = clerk.runs("watch", folder, "--once", "--settle", "0")
    assert done.returncode == 0, done.stderr
    assert "上次推送这份文件的批次 batch-1 已经完成" in done.stderr
    assert not list((clerk.desk / "state").iterdir())


def test_a_second_file_of_one_name_takes_the_place_of_none(clerk: Clerk) -> None:
    folder = folder_of(clerk)
    for count in (1, 2):
        (folder / "机构.json").write_text(json.dumps(rows(count)), encoding="utf-8")
        assert clerk.runs("watch", folder, "--once", "--settle", "0").returncode == 0
    assert "机构（2）.json" in names(folder / DONE)


def test_a_file_that_still_grows_is_left_alone(tmp_path: Path) -> None:
    now = [0.0]
    watched = Watched(tmp_path, 10.0, (".csv",), lambda: now[0])
    file = tmp_path / "a.csv"
    file.write_text("1")
    assert watched.ready() == []
    now[0] = 9.0
    file.write_text("12")
    assert watched.ready() == []
    now[0] = 18.0
    assert watched.ready() == []
    now[0] = 19.0
    assert watched.ready() == [file]
