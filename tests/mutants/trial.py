"""One mutant tried: a copy of the tree with one exact text replaced, and the test that must fail run against the copy.

A lane keeps its copy, and with it the bytecode of all files but the mutated one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from deploy.local import web
from tests.mutants.mutant import Mutant
from tests.stack import Servers

ROOT = Path(__file__).parents[2]
_COPIED = (
    "shared",
    "services",
    "deploy",
    "tests",
    "docs",
    "web",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "Makefile",
)
_NOT_COPIED = ("__pycache__", "node_modules", "dist", ".lock")
_HUNING = Path(sys.executable).parent / "huning"


class SoundTests:
    """Whether tests pass without a mutant. Those of one file are run together and once, as a system may start for them."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self._of_file = {
            mutant.test_file: [each for each in mutants if each.test_file == mutant.test_file] for mutant in mutants
        }
        self._locks = {file: Lock() for file in self._of_file}
        self._passed: dict[str, bool] = {}

    def passes(self, mutant: Mutant, lane: "Lane") -> bool:
        """Whether all tests of this one's file do that the table names; a lane waits for the one that is running them."""
        file = mutant.test_file
        with self._locks[file]:
            if file not in self._passed:
                together = self._of_file[file]
                self._passed[file] = lane.passes(
                    sorted({each.test for each in together}), max(each.seconds for each in together)
                )
            return self._passed[file]


class Lane:
    """A folder for copies of the tree, and topics under a prefix of its own on servers that lanes share."""

    def __init__(self, folder: Path, servers: Servers, prefix: str) -> None:
        self._tree = folder / "tree"
        python = {"PYTHONPATH": str(self._tree), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        self._environment = {**servers.environment, "HUNING_PREFIX": prefix, **python}
        _copy_to(self._tree)
        subprocess.run([_HUNING, "topics", "apply"], env=self._environment, check=True, capture_output=True)

    def fate(self, mutant: Mutant, sound: SoundTests) -> str:
        """killed, survived, or what is wrong with the row."""
        original = (ROOT / mutant.file).read_text()
        if original.count(mutant.text) != 1:
            return "text gone" if mutant.text not in original else "text twice"
        if not sound.passes(mutant, self):
            return "test fails"
        mutated = self._tree / mutant.file
        mutated.write_text(original.replace(mutant.text, mutant.instead))
        try:
            return "survived" if self.passes([mutant.test], mutant.seconds) else "killed"
        finally:
            mutated.write_text(original)

    def passes(self, tests: Sequence[str], seconds: int) -> bool:
        """Whether these pass on what the folder holds; a test that does not end in time fails."""
        options = ["-q", "-x", "-p", "no:cacheprovider", "--timeout", str(seconds)]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            done = subprocess.run(
                command,
                cwd=self._tree,
                env={**os.environ, **self._environment},
                capture_output=True,
                timeout=2 * seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def _copy_to(tree: Path) -> None:
    """What a test run needs, without what other runs left there."""
    tree.mkdir(parents=True)
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        elif source.exists():
            shutil.copy(source, tree / name)
    _share_modules(tree)


def _share_modules(tree: Path) -> None:
    """The packages of the pages, each linked: what was built of the pages is known beside them, and is a copy's own."""
    modules = web.WEB / "node_modules"
    (tree / modules.relative_to(ROOT)).mkdir()
    for each in modules.iterdir() if modules.exists() else ():
        if each.name != ".built":
            (tree / each.relative_to(ROOT)).symlink_to(each)
