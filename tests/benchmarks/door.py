"""What the door of a service costs: the public keys through the gateway, against a bare Starlette route behind the same one.

Both answer the same bytes, served by uvicorn alike, behind one Caddy with our Caddyfile. What is compared is the rate, and
the processor time that each process takes for a request.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

from deploy.local.topology import CADDYFILE
from tests.benchmarks.loading import Load, load
from tests.ports import free_range
from tests.stack import Stack

KEYS = "/api/v1/accounts/jwks"
BARE = "/api/v1/search/bare"
CONNECTIONS = 4
ROUNDS, SECONDS = 5, 2.0
LEAST_SHARE, MOST_MS = 0.7, 1.0
SETTINGS = {"HUNING_RATE_PER_SECOND": "1000000"}
"""The generator is one caller, and is meant to be let through."""


@dataclass(frozen=True)
class Side:
    """One of the two, over all rounds: answers a second, and microseconds of the server and of the generator for each."""

    rate: float
    server_us: float
    generator_us: float


@dataclass(frozen=True)
class Door:
    """Both sides, measured in turn."""

    ours: Side
    bare: Side

    @property
    def share(self) -> float:
        """The rate of ours as a share of the bare one's."""
        return self.ours.rate / self.bare.rate

    @property
    def over_ms(self) -> float:
        """Milliseconds of processor time for a request over what the bare route takes."""
        return (self.ours.server_us - self.bare.server_us) / 1000


def measure(stack: Stack) -> Door:
    """Asks the one and the other in turn, so that what else the machine does falls on both."""
    body = httpx2.get(stack.address("accounts") + KEYS, trust_env=False).raise_for_status().content
    file = stack.home / "bare.json"
    file.write_bytes(body)
    with _bare(file) as (bare_port, bare), _gateway(stack, bare_port) as port:
        ours: list[tuple[Load, float]] = []
        others: list[tuple[Load, float]] = []
        for _ in range(ROUNDS):
            ours.append(_asked(port, KEYS, psutil.Process(stack.pid("accounts"))))
            others.append(_asked(port, BARE, bare))
    return Door(_side(ours), _side(others))


def _asked(port: int, path: str, server: psutil.Process) -> tuple[Load, float]:
    """A run, and the processor time that the server took for each request, in microseconds."""
    before = sum(server.cpu_times()[:2])
    done = load(port, path, connections=CONNECTIONS, seconds=SECONDS)
    return done, (sum(server.cpu_times()[:2]) - before) / done.requests * 1e6


def _side(runs: list[tuple[Load, float]]) -> Side:
    return Side(
        rate=statistics.median(done.rate for done, _ in runs),
        server_us=statistics.median(used for _, used in runs),
        generator_us=statistics.median(done.generator_us for done, _ in runs),
    )


@contextmanager
def _bare(file: Path) -> Iterator[tuple[int, psutil.Process]]:
    port = free_range()
    command = [sys.executable, "-m", "tests.benchmarks.bare", str(port), str(file)]
    with subprocess.Popen(command) as process:
        _wait(f"http://127.0.0.1:{port}/")
        yield port, psutil.Process(process.pid)
        process.terminate()


@contextmanager
def _gateway(stack: Stack, bare_port: int) -> Iterator[int]:
    """A gateway of our Caddyfile with accounts behind its own paths and the bare route behind those of search."""
    port = free_range()
    told = {
        "HUNING_SITE": f"http://:{port}",
        "HUNING_BIND": "127.0.0.1",
        "HUNING_UPSTREAM_ACCOUNTS": stack.address("accounts").removeprefix("http://"),
        "HUNING_UPSTREAM_SEARCH": f"127.0.0.1:{bare_port}",
        "XDG_DATA_HOME": str(stack.home),
        "XDG_CONFIG_HOME": str(stack.home),
    }
    command = [str(Path(sys.executable).parent / "caddy"), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    with subprocess.Popen(
        command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield port
        process.terminate()


def _wait(address: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            httpx2.get(address, trust_env=False)
            return
        except httpx2.TransportError:
            assert time.monotonic() < end, f"{address} does not answer"
            time.sleep(0.05)


if __name__ == "__main__":
    with Stack(("kafka", "mongodb", "accounts"), durable=False, settings=SETTINGS) as alone:
        found = measure(alone)
        print(found, f"share {found.share:.2f}, over {found.over_ms:.2f} ms")
