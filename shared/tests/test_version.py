"""Which version is installed can be asked of both commands, and is the one of pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("command", ["huning", "huning-agent"])
def test_both_commands_say_their_version(command: str) -> None:
    program = Path(sys.executable).with_name(command)
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{command} {PROJECT['version']}\n"
