"""What the READMEs tell people to type works: the two say the same, and the commands are run as they stand there."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.cities import Receipts
from tests.client import Api
from tests.stack import Stack

ROOT = Path(__file__).parents[2]
ENDLESS = {"make up", "make test", "make logs NAME=search"}
"""Here it is shown that they exist; up and logs are run by tests/local/test_make_up.py, and `make test` is what runs this."""


def commands(readme: str) -> list[str]:
    """The lines of the shell blocks, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / readme).read_text(), re.DOTALL)
    lines = [line.split("  #")[0].rstrip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_both_readmes_give_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh.md")
    assert len(commands("README.md")) >= 8


def shell(command: str, stack: Stack, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, shell=True, cwd=folder, env=stack.environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [each for each in commands("README.md") if each.startswith("make ")])
def test_a_make_command_does_what_it_says(stack: Stack, first_receipts: Receipts, command: str) -> None:
    done = shell(command.replace("make ", "make -n ") if command in ENDLESS else command, stack, ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [each for each in commands("README.md") if each.startswith("curl ")])
def test_a_curl_command_is_answered(stack: Stack, first_receipts: Receipts, command: str, tmp_path: Path) -> None:
    done = shell(command.replace("http://127.0.0.1:8080", stack.base_url).replace("-s ", "-sf ", 1), stack, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "items" in done.stdout or "access_token" in done.stdout


def test_a_city_makes_a_key_registers_it_and_pushes_a_file(stack: Stack, api: Api, tmp_path: Path) -> None:
    for name in (".venv", "deploy"):
        (tmp_path / name).symlink_to(ROOT / name)

    def typed(command: str) -> str:
        line = f"HUNING_AGENT_CONFIG={tmp_path / 'agent.toml'} {command}"
        done = shell(line.replace("http://127.0.0.1:8080", stack.base_url), stack, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    init, *others = [each for each in commands("README.md") if "huning-agent " in each]
    body = {"jurisdiction": "suzhou", "name": "README", "public_key": typed(init).strip()}
    key_id = api.as_("operator-suzhou").post("sync/agents", json=body).expect(201)["key_id"]
    shown = [typed(each.replace("KEY_ID", key_id)) for each in others]
    assert len(shown) == 4
    assert "70" in shown[-1]
