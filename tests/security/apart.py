"""Processes of a test's own on the stack's servers, kept apart by a prefix: with limits that bite, or that die on purpose."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.client import until
from tests.stack import Stack

PREFIX = "apart."


def environment(stack: Stack, **settings: str) -> dict[str, str]:
    """The stack's environment under the prefix, with an address of its own. Its topics must have been applied."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"HUNING_PREFIX": PREFIX, "HUNING_LISTEN": f"127.0.0.1:{port}", "HUNING_HOME": str(stack.home / "apart")}
    return {**stack.environment, **told, **settings}


def apply_topics(stack: Stack) -> None:
    """Makes the topics under the prefix."""
    huning = Path(sys.executable).parent / "huning"
    subprocess.run([huning, "topics", "apply"], env=environment(stack), check=True, capture_output=True)


def start(told: Mapping[str, str], *command: str) -> subprocess.Popen[bytes]:
    """A process of ours, from the repository's root."""
    return subprocess.Popen(command, env=dict(told), cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL)


@contextmanager
def running(told: Mapping[str, str], *command: str) -> Iterator[str]:
    """The process while it is needed; gives its address once it is ready."""
    process = start(told, *command)
    address = f"http://{told['HUNING_LISTEN']}"
    try:
        until(lambda: _is_ready(address), seconds=90)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _is_ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False
