"""The agent installs alone: `pip install huning[agent]` on a bureau's desktop brings none of the server's packages."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

PYPROJECT = Path(__file__).parents[4] / "pyproject.toml"


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=;\[ ]", each)[0].lower().replace("_", "-") for each in requirements}


def loaded_by(module: str) -> set[str]:
    """The distributions whose modules are loaded once this one is."""
    listing = f"import {module}, sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    known = packages_distributions()
    return {each.lower() for name in done.stdout.split() for each in known.get(name, [])}


def test_the_agent_loads_nothing_that_only_the_server_requires() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    server = names(project["optional-dependencies"]["server"]) - names(project["dependencies"])
    assert "orjson" in server
    assert loaded_by("services.sync.agent.cli") & server == set()


def test_the_agent_loads_no_other_part_of_this_repository_than_contracts() -> None:
    listing = (
        "import services.sync.agent.cli, sys; print(*(n for n in sys.modules if n.startswith(('services', 'shared'))))"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
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
    assert [name for name in done.stdout.split() if not name.startswith(allowed) and name not in parents] == []
