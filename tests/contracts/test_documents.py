"""What the pages of the repository point to is there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
SOURCES = [path for folder in ("shared", "services", "deploy", "tests") for path in (ROOT / folder).rglob("*.py")]
_LINK = re.compile(r"\]\(([^)#]+)\)")
_QUOTED_PATH = re.compile(r"`((?:shared|services|deploy|tests|docs)/[\w/.-]+)`")
_PAGE = re.compile(r"[\w/.-]+\.md\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    links = [page.parent / link for link in _LINK.findall(text) if "://" not in link]
    paths = [ROOT / path for path in _QUOTED_PATH.findall(text)]
    assert [str(each) for each in (*links, *paths) if not each.exists()] == []


def test_a_page_that_the_code_names_exists() -> None:
    named = {(path, name) for path in SOURCES if path != Path(__file__) for name in _PAGE.findall(path.read_text())}
    known = {page.name for page in PAGES}
    assert sorted(f"{path.relative_to(ROOT)}: {name}" for path, name in named if Path(name).name not in known) == []


def test_every_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [each for group in (project["dependencies"], *project["optional-dependencies"].values()) for each in group]
    names = {re.split(r"[^\w-]", each, maxsplit=1)[0].lower() for each in asked}
    explained = set(re.findall(r"[\w-]+", (ROOT / "docs/decisions/0007-dependencies.md").read_text().lower()))
    assert sorted(names - explained) == []
