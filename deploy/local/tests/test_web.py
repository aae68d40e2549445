"""What the web pages are built of, and that the same inputs are built once."""

import json
from pathlib import Path

import pytest

from deploy.local import web


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A folder that stands for web/, and what npm was asked there."""
    asked: list[tuple[str, ...]] = []

    def npm(*arguments: str) -> None:
        asked.append(arguments)
        modules.mkdir(exist_ok=True)
        dist.mkdir(exist_ok=True)
        (dist / "index.html").touch()

    folder, contract = tmp_path / "web", tmp_path / "huning.json"
    modules, dist = folder / "node_modules", folder / "dist"
    (folder / "src").mkdir(parents=True)
    (folder / "client" / "src").mkdir(parents=True)
    for path in (contract, folder / "package.json", folder / "package-lock.json", folder / "src" / "page.tsx"):
        path.write_text("{}")
    for name, value in {
        "ROOT": tmp_path,
        "WEB": folder,
        "PAGES": dist,
        "_MODULES": modules,
        "_CONTRACT": contract,
    }.items():
        monkeypatch.setattr(web, name, value)
    monkeypatch.setattr(web, "npm", npm)
    return asked


def test_pages_are_built_once_from_the_same_inputs(pages: list[tuple[str, ...]]) -> None:
    web.build()
    assert pages == [("ci",), ("run", "schema"), ("run", "build")]
    (web.WEB / "client" / "src" / "schema.ts").write_text("written by the build")
    web.build()
    assert len(pages) == 3


@pytest.mark.parametrize("changed", ["web/src/page.tsx", "web/client/src/client.ts", "huning.json"])
def test_a_changed_page_or_contract_is_built_anew_with_the_tools_that_are_there(
    pages: list[tuple[str, ...]], changed: str
) -> None:
    web.build()
    (web.ROOT / changed).write_text("changed")
    web.build()
    assert pages[3:] == [("run", "schema"), ("run", "build")]


def test_other_tools_are_installed_before_anything_is_built_with_them(pages: list[tuple[str, ...]]) -> None:
    web.build()
    (web.WEB / "package-lock.json").write_text("other tools")
    web.build()
    assert pages[3:] == pages[:3]


def test_pages_that_somebody_removed_are_built_again(pages: list[tuple[str, ...]]) -> None:
    web.build()
    (web.PAGES / "index.html").unlink()
    web.build()
    assert len(pages) == 5


def test_a_build_that_failed_is_not_taken_for_one(
    pages: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = web.npm

    def broken(*arguments: str) -> None:
        npm(*arguments)
        if arguments == ("run", "build"):
            raise web.BuildError

    monkeypatch.setattr(web, "npm", broken)
    with pytest.raises(web.BuildError):
        web.build()
    monkeypatch.setattr(web, "npm", npm)
    web.build()
    assert pages[3:] == [("run", "schema"), ("run", "build")]


def test_the_lock_names_a_hash_for_every_package_and_no_registry() -> None:
    lock = json.loads((Path(web.__file__).parents[2] / "web" / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert len(packages) > 100
    assert all(each["integrity"].startswith("sha512-") for each in packages.values() if not each.get("inBundle"))
    assert not any("resolved" in each for each in packages.values())
