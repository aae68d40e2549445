"""Takes one guard away at a time and sees whether its test notices: `python -m tests.mutants [word in a name]`.

Each mutant is a copy of the tree with one exact text replaced; then the test that must fail is run against the copy, on
one Kafka and one database for all. A mutant that survives is printed as such and makes the exit code 1; so does a row
whose text is no longer in its file, or whose test fails without the mutant.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutants.guards import processes
from tests.mutants.mutant import Mutant
from tests.mutants.table import all_guards
from tests.stack import Servers

ROOT = Path(__file__).parents[2]
_COPIED = ("shared", "services", "deploy", "tests", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile")
_HUNING = Path(sys.executable).parent / "huning"


def main() -> int:
    """The table of what was killed; 1 when something survived or a row is out of date."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in all_guards() if word in mutant.guard]
    table = Table("guard", "file", "result", title="mutants")
    results: list[str] = []
    sound: set[str] = set()
    with Servers() as servers, tempfile.TemporaryDirectory() as folder:
        environment = {**servers.environment, "HUNING_PREFIX": "mutants."}
        subprocess.run([_HUNING, "topics", "apply"], env=environment, check=True, capture_output=True)
        sound |= _sound_together(chosen, Path(folder), environment)
        for mutant in chosen:
            results.append(fate(mutant, Path(folder), environment, sound))
            table.add_row(mutant.guard, mutant.file, results[-1])
            print(f"{results[-1]:<10} {mutant.guard}", flush=True)
    Console().print(table)
    print(f"{results.count('killed')} of {len(results)} killed")
    return int(set(results) != {"killed"})


def fate(mutant: Mutant, folder: Path, environment: dict[str, str], sound: set[str]) -> str:
    """killed, survived, or what is wrong with the row. `sound` are the tests that are known to pass without a mutant."""
    original = (ROOT / mutant.file).read_text()
    if original.count(mutant.text) != 1:
        return "text gone" if mutant.text not in original else "text twice"
    tree = _copied(folder)
    if mutant.test not in sound and not _passes([mutant.test], tree, environment, mutant.seconds):
        return "test fails"
    sound.add(mutant.test)
    (tree / mutant.file).write_text(original.replace(mutant.text, mutant.instead))
    return "survived" if _passes([mutant.test], tree, environment, mutant.seconds) else "killed"


def _sound_together(chosen: Sequence[Mutant], folder: Path, environment: dict[str, str]) -> set[str]:
    """The tests on real processes pass without a mutant: one whole system for all of them, as it is long in starting."""
    tests = {mutant.test for mutant in processes.GUARDS if mutant in chosen}
    if not tests:
        return set()
    tree = _copied(folder)
    return tests if _passes(sorted(tests), tree, environment, processes.SECONDS) else set()


def _copied(folder: Path) -> Path:
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        elif source.exists():
            shutil.copy(source, tree / name)
    return tree


def _passes(tests: Sequence[str], tree: Path, environment: dict[str, str], seconds: int) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--timeout", str(seconds), *tests]
    told = {**os.environ, **environment, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=tree, env=told, capture_output=True, timeout=2 * seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
