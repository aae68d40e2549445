"""Whether one city's load is felt by the others: the time of everybody's searches while a city pushes, against the quiet one.

The same questions at the same rate, both times on a system that holds the same rows. A question is due at its time however
late the answers before it were, and its time counts from then on: whoever asked only after an answer would not feel a stall.
"""

import itertools
import queue
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from tests.benchmarks.door import SETTINGS
from tests.benchmarks.latency import p
from tests.benchmarks.loading import read_answer
from tests.benchmarks.pushing import Push
from tests.client import Api, until
from tests.stack import Stack

ROWS = 20_000
"""What one city pushes."""
HELD = 20_000
"""What another one has pushed before."""
A_SECOND, LINES = 20, 8
QUIET_SECONDS = 30.0
MOST = 2.0
"""The p99 while a city pushes, as a multiple of the quiet one."""
PUSHING, HOLDING = "wuxi", "suzhou"

_QUESTIONS = (
    "search?q=" + quote("双极板涂层"),
    "search?q=" + quote("质子交换膜 中试") + "&type=record",
    "search?jurisdiction=nanjing&limit=20",
    "search?q=" + quote("激光雷达") + "&jurisdiction=suzhou",
    "search?kind=platform&sort=newest",
    "search/suggest?q=" + quote("碳纤"),
    "search/home",
    "search/map?bbox=120,31,121,32",
)


@dataclass(frozen=True)
class Fairness:
    """Milliseconds of the questions, quiet and during the push, and the seconds from the push until all of it was found."""

    quiet: list[float]
    pushed: list[float]
    seconds: float

    @property
    def ratio(self) -> float:
        """Of the 99th percentiles."""
        return p(self.pushed, 99) / p(self.quiet, 99)


class Asking:
    """So many questions a second on a few connections, until it is left; `times` are their milliseconds."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._due: queue.Queue[tuple[float, str] | None] = queue.Queue()
        self._stop = threading.Event()
        self.times: list[float] = []
        self._threads = [threading.Thread(target=work) for work in (self._pace, *[self._ask] * LINES)]

    def __enter__(self) -> "Asking":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for each in self._threads:
            each.join()

    def _pace(self) -> None:
        due = time.perf_counter()
        for question in itertools.cycle(_QUESTIONS):
            if self._stop.wait(max(0.0, due - time.perf_counter())):
                break
            self._due.put((due, question))
            due += 1 / A_SECOND
        for _ in range(LINES):
            self._due.put(None)

    def _ask(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while asked := self._due.get():
                due, question = asked
                line.sendall(f"GET /api/v1/{question} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
                read_answer(line)
                self.times.append((time.perf_counter() - due) * 1000)


def measure(
    stack: Stack, api: Api, rows: int = ROWS, held: int = HELD, quiet_seconds: float = QUIET_SECONDS
) -> Fairness:
    """One city has rows; the quiet questions; then another one pushes, and the same questions until all of it is found."""
    with tempfile.TemporaryDirectory() as folder:
        with Push(stack, api, Path(folder), HOLDING, held):
            pass
        until(lambda: found_of(api, HOLDING) >= held, seconds=300)
        _stand_in_nobodys_way()
        with Asking(stack.place.port) as warming:
            time.sleep(quiet_seconds / 6)
        with Asking(stack.place.port) as quiet:
            time.sleep(quiet_seconds)
        push = Push(stack, api, Path(folder), PUSHING, rows)
        began = time.perf_counter()
        with Asking(stack.place.port) as pushed:
            with push:
                stand_elsewhere(push.pid)
            until(lambda: found_of(api, PUSHING) >= rows, seconds=300, every=0.2)
            seconds = time.perf_counter() - began
    assert warming.times
    return Fairness(sorted(quiet.times), sorted(pushed.times), seconds)


def _stand_in_nobodys_way() -> None:
    """Who asks is another machine's, too, and gets its processor when it wants it: this process waits for none. Where it may
    not say so, its own delays count as the platform's."""
    try:
        Path("/proc/self/autogroup").write_text("-15")
    except OSError as error:
        print(f"fairness: the questions may be late by themselves ({error.strerror})", file=sys.stderr)


def stand_elsewhere(agent: int) -> None:
    """In truth the agent is another machine's: niceness within a session, and that of its session beside the others."""
    psutil.Process(agent).nice(19)
    group = Path(f"/proc/{agent}/autogroup")
    if group.exists():
        group.write_text("19")


def found_of(api: Api, city: str) -> int:
    """How many of the platforms of a city search finds; 0 where it does not answer."""
    answer = api.visitor.get("search", params={"kind": "platform", "jurisdiction": city, "limit": 1})
    return int(answer.body["total"]) if answer.status == 200 else 0


def main() -> int:
    """Alone, with what each process used: 0 when the bound is kept."""
    with Stack(durable=False, settings=SETTINGS) as stack:
        stack.run("huning", "accounts", "seed")
        found = measure(stack, Api(stack.base_url))
    for name, times in (("quiet", found.quiet), ("pushed", found.pushed)):
        print(f"{name}: {len(times)} questions, p50 {p(times, 50):.0f} ms, p99 {p(times, 99):.0f} ms")
    print(f"p99 ratio {found.ratio:.2f}; {found.seconds:.0f} s until found")
    return int(found.ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
