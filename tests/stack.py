"""The stack as tests use it: the same class as `make up`'s, in a folder and on ports of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import psutil

from deploy.local.place import Place
from deploy.local.stack import LocalStack
from tests.ports import free_range

_STORES = ("kafka", "mongodb")
_READY_SECONDS = 120.0

PATIENT = {
    "HUNING_REFUSALS_PER_MINUTE": "1000000",
    "HUNING_LOGINS_PER_CODE": "1000000",
    "HUNING_DEVICE_LOGINS_PER_MINUTE": "1000000",
}
"""All tests come from one address, many show bad credentials on purpose, and the stand-in's codes are good for ever;
tests/security/test_limits.py has limits of its own."""


def huning(environment: Mapping[str, str], *words: str) -> tuple[int, str]:
    """The exit code of a `huning` command in this environment, and all that it said."""
    program = str(Path(sys.executable).parent / "huning")
    done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Stack:
    """All processes of the system, started on entering and gone on leaving.

    `only` names the processes that are wanted; `durable=False` is for benchmarks alone (deploy/local/mongodb.py);
    `settings` are HUNING_* on top of what the stack gives. A folder is made, and removed at the end, unless `home` is
    given: then it stays, so that a second Stack can go on where the first one stopped.
    """

    def __init__(
        self,
        only: Collection[str] | None = None,
        *,
        home: Path | None = None,
        replicas: Mapping[str, int] | None = None,
        settings: Mapping[str, str] | None = None,
        durable: bool = True,
    ) -> None:
        self._own_home = home is None
        self.home = home or Path(tempfile.mkdtemp(prefix="huning-"))
        port = free_range()
        self.place = Place(home=self.home, port=port, wechat_port=port + 9, replicas=dict(replicas or {}))
        outside = {name: value for name, value in os.environ.items() if not name.startswith("HUNING_")}
        keep = {name: os.environ[name] for name in ("HUNING_MONGOD",) if name in os.environ}
        self._local = LocalStack(self.place, {**outside, **keep, **(settings or {})}, only, durable)

    def __enter__(self) -> "Stack":
        try:
            self._local.start()
            names = [process.name for process in self._local.processes]
            self.wait_ready(*(name for name in names if name in _STORES))
            if "kafka" in names:
                self.run("huning", "topics", "apply")
            self.wait_ready(*names)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def names(self) -> tuple[str, ...]:
        """Of all processes."""
        return tuple(process.name for process in self._local.processes)

    @property
    def base_url(self) -> str:
        """The gateway's address; the API is below /api/v1."""
        return self.place.gateway_url

    @property
    def wechat_url(self) -> str:
        return self.place.wechat_url

    @property
    def kafka(self) -> str:
        """Bootstrap servers."""
        return self.environment["HUNING_KAFKA"]

    @property
    def mongodb(self) -> str:
        """The URI."""
        return self.environment["HUNING_MONGODB"]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this stack, for commands that talk to it."""
        return self._local.environment

    def address(self, name: str) -> str:
        """http://host:port of one process, past the gateway."""
        return next(f"http://{process.address}" for process in self._local.processes if process.name == name)

    def run(self, program: str, *arguments: str) -> str:
        """Runs a program of the virtual environment against this stack and gives its output; raises when it fails."""
        done = subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{program} {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def pid(self, name: str) -> int | None:
        """The pid of the process itself; None while it is not there."""
        return self._local.pid(name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Sends the signal to the process and gives the pid it had. AssertionError when it is not running."""
        pid = self.pid(name)
        assert pid is not None, f"{name} is not running"
        os.kill(pid, number)
        return pid

    def wipe_broker(self) -> None:
        """The broker comes back as another cluster, empty and without topics, while everything else runs on."""
        self.replace_log(lambda log: log.rename(log.with_name(f"log.{uuid.uuid4().hex}")))

    def replace_log(self, replace: Callable[[Path], object]) -> None:
        """The broker's folder is replaced under it; it comes back with what is there then, or formatted anew."""
        broker = psutil.Process(self.kill("kafka", signal.SIGSTOP))
        replace(self.place.data / "kafka" / "log")
        self._local.prepare_broker()
        broker.kill()
        broker.wait()  # its port stays open for a moment, and would pass for that of the next one
        self.wait_ready("kafka")

    def wait_ready(self, *names: str, seconds: float = _READY_SECONDS) -> None:
        """Returns once these are ready; StackDiedError with their last log lines when they are not in time."""
        self._local.wait_ready(names, seconds)

    def stop(self) -> None:
        """Stops everything in order. May be called again."""
        self._local.stop()
        if self._own_home:
            shutil.rmtree(self.home, ignore_errors=True)


class Servers:
    """Kafka and a database alone, for tests that need no service: those of HUNING_KAFKA and HUNING_MONGODB where both
    are set, with a prefix that keeps this run apart; otherwise a Stack of just the two. A HUNING_PREFIX beside them is one
    that has its topics already, shared by several runs."""

    def __init__(self) -> None:
        borrowed = os.environ.get("HUNING_KAFKA"), os.environ.get("HUNING_MONGODB")
        self.kafka, self.mongodb = borrowed[0] or "", borrowed[1] or ""
        self._given = os.environ.get("HUNING_PREFIX", "") if all(borrowed) else ""
        self.prefix = self._given or (f"t{uuid.uuid4().hex[:8]}." if all(borrowed) else "")
        self._stack: Stack | None = None if all(borrowed) else Stack(only=_STORES)

    def __enter__(self) -> "Servers":
        if self._stack:
            self._stack.__enter__()
            self.kafka, self.mongodb = self._stack.kafka, self._stack.mongodb
        elif not self._given:
            self.run("huning", "topics", "apply")
        return self

    def __exit__(self, *_: object) -> None:
        if self._stack:
            self._stack.stop()

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a command or process that uses these servers."""
        told = {"HUNING_KAFKA": self.kafka, "HUNING_MONGODB": self.mongodb, "HUNING_PREFIX": self.prefix}
        return {**os.environ, **told}

    def run(self, program: str, *arguments: str) -> None:
        """Runs a program of the virtual environment with these servers; raises when it fails."""
        command = [str(Path(sys.executable).parent / program), *arguments]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)
