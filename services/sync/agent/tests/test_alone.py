"""The agent installs alone: `pip install huning[agent]` on a bureau's desktop brings what it imports and nothing else."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from importlib.util import find_spec
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ROOMS = ("services.sync.agent.cli", "services.sync.rows.reading")
"""What the command imports, and the rows as the platform reads them, which the agent must be able to read as well."""
OURS = ("services", "shared")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=;!~\[ (]", each)[0].lower().replace("_", "-") for each in requirements}


def loaded(modules: tuple[str, ...] = ROOMS) -> list[str]:
    """The names of all modules that are loaded once these are."""
    listing = f"import {', '.join(modules)}, sys; print(*sys.modules)"
    return subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()


def distributions(modules: list[str]) -> set[str]:
    known = packages_distributions()
    return {each.lower() for name in modules for each in known.get(name.split(".")[0], [])}


def with_all_they_need(distributions: set[str]) -> set[str]:
    pending, found = list(distributions), set[str]()
    while pending:
        if (name := pending.pop()) in found:
            continue
        try:
            pending += names([each for each in requires(name) or [] if "extra ==" not in each])
        except PackageNotFoundError:
            continue  # of another operating system
        found.add(name)
    return found


def imported_by(module: str) -> set[str]:
    """The top names of what a module of ours imports."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return set()
    nodes = list(ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))))
    found = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    found += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in found}


def test_the_agent_loads_nothing_that_only_the_server_requires() -> None:
    server = names(PROJECT["optional-dependencies"]["server"]) - with_all_they_need(names(PROJECT["dependencies"]))
    assert "orjson" in server
    taken_where_it_is_there = {"defusedxml"}  # by openpyxl, which does without it: the archive is looked at first
    assert distributions(loaded()) & server <= taken_where_it_is_there


def test_everything_that_is_installed_with_the_agent_is_imported_by_it() -> None:
    ours = [name for name in loaded() if name.split(".")[0] in OURS]
    imported = set[str]().union(*map(imported_by, ours)) - sys.stdlib_module_names - set(OURS) - {"pydantic_core"}
    assert distributions(sorted(imported)) == names(PROJECT["dependencies"])


def test_the_agent_loads_no_other_part_of_this_repository_than_contracts_and_rows() -> None:
    allowed = (
        "services.sync.agent",
        "services.sync.rows",
        "services.sync.wire",
        "shared.events",
        "shared.values",
        "shared.cli.chinese",
        "shared.cli.version",
    )
    parents = {"services", "services.sync", "shared", "shared.cli"}
    ours = [name for name in loaded() if name.split(".")[0] in OURS and name not in parents]
    assert [name for name in ours if not name.startswith(allowed)] == []
