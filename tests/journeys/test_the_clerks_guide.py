"""docs/city-clerks.zh.md leads from an empty computer to a signed first verification, for whoever follows it to the letter."""

from pathlib import Path

import openpyxl
import pytest

from tests.clerk import CITY, CLEAN, PAGE, Clerk
from tests.client import Api, until
from tests.stack import Stack


@pytest.fixture(scope="module")
def clerk(stack: Stack, api: Api, tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    """One who has followed the page to its end."""
    clerk = Clerk(stack, api, tmp_path_factory.mktemp("clerk"))
    clerk.follow()
    return clerk


def test_it_has_ten_steps_and_every_command_ends_as_the_page_says(clerk: Clerk) -> None:
    assert PAGE.read_text(encoding="utf-8").count("\n## ") == 11, "ten steps, and what comes later"
    assert [each.code for each in clerk.typed] == [0, 0, 0, 0, 2, 0, 0, 0], clerk.typed


def test_the_check_finds_the_three_faults_and_marks_them_in_the_clerks_own_workbook(clerk: Clerk) -> None:
    check = next(each for each in clerk.typed if "--annotated" in each.command)
    for words in ("标题必填", "时态只能是", "经度"):
        assert words in check.output
    marked = openpyxl.load_workbook(clerk.folder / "清单.批注.xlsx")["清单"]
    assert sum(cell.comment is not None for row in marked.iter_rows() for cell in row) >= 3


def test_the_dry_run_can_be_signed_off_and_the_push_names_it(clerk: Clerk) -> None:
    signed = openpyxl.load_workbook(clerk.folder / "核验单.xlsx")
    words = " ".join(str(cell.value) for sheet in signed for row in sheet.iter_rows() for cell in row if cell.value)
    assert "试运行" in words
    assert "盖章" in words
    assert (clerk.folder / "回执.xlsx").exists()


def test_what_was_pushed_is_found(clerk: Clerk, api: Api) -> None:
    for row in CLEAN:
        found = f"search/items/{CITY}/platform/{row[0]}"
        assert until(lambda found=found: api.visitor.get(found).status == 200)  # type: ignore[misc]


def test_every_picture_of_the_page_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = [part.split(")")[0] for part in text.split("](pictures/")[1:]]
    assert len(names) == 5
    assert all(Path(PAGE.parent, "pictures", name).exists() for name in names)
