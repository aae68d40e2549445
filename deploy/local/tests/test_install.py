"""install.sh refuses a Python that the wheels do not know, with a line that says which one to take."""

import subprocess
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]


def _python(folder: Path, version: str) -> Path:
    """A program that answers `-c` as a Python of this version would."""
    program = folder / "python"
    numbers = tuple(int(part) for part in version.split("."))
    program.write_text(f'#!/bin/sh\nexec python3 -c "import sys; sys.version_info = {numbers}; $2"\n')
    program.chmod(0o755)
    return program


def _refused(folder: Path, version: str) -> bool:
    """Whether it says so; with a Python that fits it fails later, since the stand-in makes no environment."""
    script = ["sh", "deploy/local/install.sh", str(_python(folder, version)), str(folder / "venv")]
    done = subprocess.run(script, cwd=_ROOT, capture_output=True, text=True, check=False)
    return "需要 Python 3.11、3.12 或 3.13" in done.stderr


@pytest.mark.parametrize(
    ("version", "refused"), [("3.10.9", True), ("3.11.0", False), ("3.13.9", False), ("3.14.0", True)]
)
def test_a_python_that_the_wheels_do_not_know_is_refused(tmp_path: Path, version: str, refused: bool) -> None:
    assert _refused(tmp_path, version) == refused


def test_the_package_says_the_same() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.14"
