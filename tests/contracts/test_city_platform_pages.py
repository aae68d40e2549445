"""The pages for engineers of a city's platform: the same in both languages, and no refusal of sync is missing."""

import re
from pathlib import Path

import pytest

from services.sync import problems
from shared.values.problems import Problem

DOCS = Path(__file__).parents[2] / "docs"
OF_PEOPLE = {"objection_open", "objection_answered", "too_many_objections"}
OF_PEOPLE |= {"code_joined", "code_not_joined", "codes_are_one"}
"""What a program that pushes never meets."""
PAGES = ("city-platform.md", "city-platform.zh.md")


def script(page: str) -> str:
    """The push that the page shows."""
    (found,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def test_both_pages_show_one_push_of_about_forty_lines() -> None:
    one, other = map(script, PAGES)
    assert one == other
    assert len(one.splitlines()) <= 45


@pytest.mark.parametrize("page", PAGES)
def test_every_refusal_of_sync_has_its_cause(page: str) -> None:
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    expected = {(each.code, str(each.status)) for each in vars(problems).values() if isinstance(each, Problem)}
    expected = {each for each in expected if each[0] not in OF_PEOPLE}
    assert expected <= set(told), "a refusal is not explained, or its status is wrong"
    assert {code for code, _ in set(told) - expected} <= {"forbidden"}
