"""What `make up` and its companions promise at a terminal: started as the Makefile starts them, judged by what they leave."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.local.place import Place
from deploy.local.ports import taken
from deploy.local.topology import topology
from tests.client import Api, until
from tests.ports import free_range

ROOT = Path(__file__).parents[2]
_READY_SECONDS = 300.0
_STOPPED_SECONDS = 60.0


@contextmanager
def started(told: Mapping[str, str], output: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m deploy.local …` as a terminal starts it: with a process group of its own; ended in any case."""
    command = [sys.executable, "-m", "deploy.local", *arguments]
    # Tests that a shell runs in the background ignore Ctrl-C, and so would what they start; a terminal's processes do not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=told, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_STOPPED_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def ready(told: Mapping[str, str], output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`make up` once it has said that it is ready."""
    with started(told, output, "up") as up:
        until(lambda: "ready http" in output.read_text() or up.poll() is not None, seconds=_READY_SECONDS)
        assert up.poll() is None, output.read_text()
        yield up


def run(told: Mapping[str, str], module: str, *arguments: str) -> str:
    """The output of a companion that ends by itself, with success."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def press_ctrl_c(process: subprocess.Popen[bytes]) -> int:
    """As a terminal does it: to the whole group. The exit status."""
    os.killpg(process.pid, signal.SIGINT)
    return process.wait(_STOPPED_SECONDS)


def found(place: Place, **query: str) -> int:
    """How many items a visitor's search finds, asked once: ready means that it is there already."""
    api = Api(place.gateway_url)
    try:
        return int(api.visitor.get("search", params={"limit": 1, **query}).expect(200)["total"])
    finally:
        api.close()


def assert_nothing_is_left(place: Place, children: list[psutil.Process]) -> None:
    assert [child for child in children if child.is_running()] == []
    assert taken(topology(place, {}, jars="")) == []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    port = free_range()
    return Place(home=tmp_path / "home", port=port, wechat_port=port + 9)


@pytest.fixture
def told(place: Place) -> dict[str, str]:
    """What a person says to `make up`; the rest of a terminal is wide enough for the table of `make status`."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("HUNING_")}
    keep = {name: os.environ[name] for name in ("HUNING_MONGOD",) if name in os.environ}
    ours = {"HUNING_HOME": str(place.home), "HUNING_PORT": str(place.port), "COLUMNS": "200"}
    return {**outside, **keep, **ours, "HUNING_WECHAT_PORT": str(place.wechat_port)}


@pytest.mark.slow
def test_up_demo_status_logs_ctrl_c_and_up_again_until_down(place: Place, told: dict[str, str], tmp_path: Path) -> None:
    with ready(told, tmp_path / "up.txt") as up:
        assert found(place, kind="institution") == 306
        tags = [re.findall("演示[0-9a-f]{8}", run(told, "deploy.local.demo"))[0] for _ in range(2)]
        shown = run(told, "deploy.local", "status")
        assert [each.name for each in topology(place, {}, jars="") if f" {each.name} " not in shown] == []
        assert_logs_are_followed_until_ctrl_c(told, tmp_path / "logs.txt")
        children = psutil.Process(up.pid).children(recursive=True)
        assert len(children) >= len(topology(place, {}, jars=""))
        assert press_ctrl_c(up) == 0
        assert_nothing_is_left(place, children)

    with ready(told, tmp_path / "again.txt") as again:
        assert found(place, kind="institution") == 306
        assert [found(place, q=tag, type="challenge") for tag in tags] == [1, 1]
        children = psutil.Process(again.pid).children(recursive=True)
        run(told, "deploy.local", "down")
        assert again.wait(_STOPPED_SECONDS) == 0
        assert_nothing_is_left(place, children)


def assert_logs_are_followed_until_ctrl_c(told: Mapping[str, str], output: Path) -> None:
    with started(told, output, "logs", "search") as logs:
        until(lambda: output.read_text().startswith("search ") or logs.poll() is not None)
        assert press_ctrl_c(logs) == 0
