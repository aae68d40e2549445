"""What a clerk gets as Excel."""

from pathlib import Path

from openpyxl import load_workbook

from services.sync.agent.tests.desk import Clerk
from services.sync.agent.tests.platform import Platform
from tests.services.sync.corpus.workbook import one_sheet

BAD = one_sheet(("编号", "单位名称", "联系电话"), ("A1", "甲", "12"), ("A2", None, None), ("A1", "乙", "13800000000"))


def marked(path: Path) -> dict[str, str]:
    sheets = load_workbook(path).worksheets
    return {cell.coordinate: cell.comment.text for sheet in sheets for row in sheet for cell in row if cell.comment}


def test_a_template_is_written_once_and_never_over_one_that_may_be_filled_in(clerk: Clerk) -> None:
    out = clerk.desk / "a.xlsx"
    assert clerk.runs("template", "--kind", "platform", "--out", out).returncode == 0
    assert load_workbook(out).sheetnames == ["清单", "填写说明", "选项"]
    again = clerk.runs("template", "--kind", "platform", "--out", out)
    assert again.returncode == 1
    assert "同名的文件已经存在" in again.stderr
    assert clerk.runs("template", "--kind", "platform", "--out", clerk.desk / "a.csv").returncode == 0
    assert (clerk.desk / "a.csv").read_bytes().startswith("\ufeff*记录编号".encode())


def test_a_check_gives_the_workbook_back_with_its_faults_marked(clerk: Clerk) -> None:
    file = clerk.desk / "清单.xlsx"
    file.write_bytes(BAD)
    done = clerk.runs("check", file, "--annotated")
    assert done.returncode == 2
    assert "清单.批注.xlsx" in done.stderr
    assert list(marked(clerk.desk / "清单.批注.xlsx")) == ["A2", "B3"]
    assert file.read_bytes() == BAD


def test_a_receipt_is_saved_as_the_platform_writes_it_and_marks_the_file_that_was_pushed(
    clerk: Clerk, platform: Platform
) -> None:
    file, out = clerk.desk / "清单.xlsx", clerk.desk / "回执.xlsx"
    file.write_bytes(BAD)
    platform.rejected = [
        {
            "row": 2,
            "verdict": "rejected",
            "field": "title",
            "message": "标题必填",
            "at": {"sheet": "清单", "line": 3, "column": "单位名称"},
        }
    ]
    assert clerk.runs("push", file, "--out", out, "--annotated").returncode == 2
    assert out.read_bytes() == b'{"as": "a workbook"}'
    assert marked(clerk.desk / "清单.批注.xlsx") == {"B3": "拒收：标题必填"}
    (clerk.desk / "清单.批注.xlsx").unlink()
    assert clerk.runs("receipt", "batch-1", "--annotated", file, "--out", out).returncode == 2
    assert list(marked(clerk.desk / "清单.批注.xlsx")) == ["B3"]


def test_a_file_that_was_not_pushed_in_this_batch_is_not_marked_by_it(clerk: Clerk) -> None:
    file = clerk.desk / "清单.xlsx"
    file.write_bytes(BAD)
    clerk.runs("push", file)
    file.write_bytes(one_sheet(("编号", "单位名称"), ("A1", "甲")))
    done = clerk.runs("receipt", "batch-1", "--annotated", file)
    assert done.returncode == 1
    assert "与批次 batch-1 推送的不同" in done.stderr
    assert not (clerk.desk / "清单.批注.xlsx").exists()


def test_text_has_no_place_for_comments(clerk: Clerk) -> None:
    file = clerk.desk / "清单.csv"
    file.write_text("编号,单位名称\nA1,甲\n", encoding="utf-8")
    done = clerk.runs("check", file, "--annotated")
    assert done.returncode == 1
    assert "只有 Excel 工作簿（.xlsx）可以批注" in done.stderr
