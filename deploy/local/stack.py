"""The running stack: one supervisor under one lock, started together and stopped in stages.

`make up` and the tests use this same class, so that what is tested is what runs.
"""

import ctypes
import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil

from deploy.local import keys
from deploy.local.health import health, running
from deploy.local.jars import class_path
from deploy.local.place import Place
from deploy.local.ports import taken
from deploy.local.process import Process
from deploy.local.supervision import settings
from deploy.local.topology import broker, hand_out_keys, shared_environment, topology

_STOP_SECONDS = 19.0
"""Just more than the stages of supervision.py together; whoever is left then is killed."""

_OTHER_PORTS = (
    "请先结束占用者，或换一组端口（内部端口随 HUNING_PORT 而定）：make up HUNING_PORT=18080 HUNING_WECHAT_PORT=18089"
)


class CannotStartError(Exception):
    """Why nothing was started, in Chinese, for the person at the terminal."""


class StackDiedError(Exception):
    """The supervisor is gone, or something did not become ready in time."""


class Patience:
    """Ends when what is waited for has shown no progress for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end, self._seen = seconds, time.monotonic() + seconds, list[str]()

    def is_over(self, progress: list[str]) -> bool:
        """`progress` is any description that changes while things move."""
        if progress != self._seen:
            self._seen, self._end = progress, time.monotonic() + self._seconds
        return time.monotonic() > self._end


class LocalStack:
    """All processes of a place, or the named ones; a context manager that starts and stops them."""

    def __init__(
        self,
        place: Place,
        environment: Mapping[str, str],
        only: Collection[str] | None = None,
        durable: bool = True,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """`progress(done, total)` hears of every jar; `durable` is explained in mongodb.py."""
        self.place = place
        starts_broker = not place.kafka and (only is None or "kafka" in only)
        jars = class_path(progress) if starts_broker else ""
        rows = topology(place, environment, jars, durable)
        self.processes: tuple[Process, ...] = tuple(row for row in rows if only is None or row.name in only)
        self._broker = broker(place, jars) if starts_broker else None
        self._given = environment
        self._lock: IO[str] | None = None
        self._supervisor: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "LocalStack":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs that talks to this stack: all that the processes are told, and every key."""
        return {**self._told, "HUNING_KEYS": str(self.place.keys)}

    @property
    def _told(self) -> dict[str, str]:
        return {**self._given, **shared_environment(self.place), "PYTHONUNBUFFERED": "1"}

    def start(self) -> None:
        """Starts everything at once and returns; services wait for what they need. CannotStartError: nothing was."""
        if not self.place.run.exists():  # a folder where nothing ever ran; else its lock says more than its ports
            self._refuse_taken_ports()
        with _private_files():
            self.place.make_folders()
            self._lock = lock(self.place)
            try:
                self._refuse_taken_ports()
                self.place.remember()
                self._make_keys()
                self.prepare_broker()
                self._supervisor = self._supervise()
            except BaseException:
                self._lock.close()
                raise

    def prepare_broker(self) -> None:
        """Formats the broker's folder, where there is none yet."""
        if self._broker:
            self._broker.prepare()

    def _refuse_taken_ports(self) -> None:
        if problems := taken(self.processes):
            raise CannotStartError("\n".join([*map(str, problems), _OTHER_PORTS]))

    def _make_keys(self) -> None:
        try:
            keys.make(self.place.keys)
        except keys.TwoKeysError as error:
            raise CannotStartError(str(error)) from error
        hand_out_keys(self.place)

    def _supervise(self) -> "subprocess.Popen[bytes]":
        for stale in self.place.run.glob("*.pid"):
            stale.unlink()
        configuration = self.place.run / "supervisord.conf"
        configuration.write_text(settings(self.place, self.processes))
        _allow_many_files()
        return subprocess.Popen(  # noqa: S603 our own program and file
            [str(Path(sys.executable).parent / "supervisord"), "-c", str(configuration)],
            env=self._told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us alone: we stop the others in order
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def wait_ready(
        self, names: Collection[str], seconds: float, waiting: Callable[[list[str]], None] = lambda names: None
    ) -> None:
        """Returns once these are ready; `waiting(names)` hears who is not yet.

        StackDiedError when none of them has come nearer to it for `seconds`: a full log takes minutes to be read.
        """
        pending = {process.name: process for process in self.processes if process.name in names}
        patience = Patience(seconds)
        while pending:
            looks = {name: health(process) for name, process in pending.items()}
            pending = {name: process for name, process in pending.items() if not looks[name].ready}
            self.check()
            if pending and patience.is_over([looks[name].progress for name in pending]):
                raise StackDiedError(f"{seconds:.0f} 秒没有进展，未能就绪：{self.explain(list(pending))}")
            waiting(list(pending))
            time.sleep(0.1 if pending else 0)

    def check(self) -> None:
        """StackDiedError if the supervisor is no longer there."""
        if self._supervisor is None or self._supervisor.poll() is not None:
            raise StackDiedError(f"进程管理器意外退出，请查看 {self.place.logs / 'supervisord.log'}")

    def explain(self, names: Collection[str]) -> str:
        """The last lines that these processes wrote, for a person who has to find out why they are not ready."""
        lines: list[str] = []
        for name in names:
            log = self.place.logs / f"{name}.log"
            last = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
            lines += [f"\n{name}（{log}）", *(f"  {line[:400]}" for line in last)]
        return "\n".join(lines)

    def pid(self, name: str) -> int | None:
        """The pid of the process of this name, or None while it is not there."""
        process = running(self.place, name)
        return process.pid if process else None

    def stop(self) -> None:
        """Stops everything in stages; when it returns no process and no port is left."""
        if self._supervisor is None:
            return
        supervised = _family(self._supervisor.pid)
        if self._supervisor.poll() is None:
            self._supervisor.terminate()
            try:
                self._supervisor.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._supervisor.kill()
                self._supervisor.wait()
        _end(supervised + [orphan for row in self.processes if (orphan := running(self.place, row.name))])
        self._supervisor = None
        if self._lock:
            self._lock.close()


def lock(place: Place) -> IO[str]:
    """Holds the folder for this process until the file is closed. CannotStartError says who holds it already."""
    file = (place.run / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise CannotStartError(
            f"{place.home} 里已经有一个 make up 在运行（进程 {holder}）。\n"
            "要停止它：make down；要另起一套：换一个 HUNING_HOME 和 HUNING_PORT。"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _family(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _end(processes: list[psutil.Process]) -> None:
    """Kills who outlived the supervisor, which happens only when it was killed itself or somebody would not stop."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=5)


def _allow_many_files() -> None:
    """A broker keeps several files open for every partition."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _end_with_parent() -> None:
    """Asks the kernel for a SIGTERM when `make up` is killed, so that not even then anything is left behind."""
    _PR_SET_PDEATHSIG = 1  # noqa: N806 prctl(2)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def _private_files() -> Iterator[None]:
    """What is made within is its owner's alone: keys and data lie there. supervisord gives its processes the same."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
