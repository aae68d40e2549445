"""`make bench-list ROWS=1000000`: a city's whole list of so many rows by snapshot, from its own agent to `sync` and to search.

In one run, on the same servers: ten thousand rows, all of them, all of them once more, and the raw script of `make bench`.
While all are pushed another city pushes a hundred over and over, and everybody searches; beside the raw script they do the
same. Prints rows for docs/benchmarks.md.
"""

import asyncio
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from aiokafka import AIOKafkaConsumer

from shared.values.jurisdictions import Jurisdiction
from tests.benchmarks import pushing
from tests.benchmarks.door import SETTINGS
from tests.benchmarks.fairness import Asking, found_of, stand_elsewhere
from tests.benchmarks.latency import p
from tests.benchmarks.pushing import Push
from tests.benchmarks.rows import rows
from tests.client import Api, until
from tests.meanwhile import meanwhile
from tests.services.sync.pushing import NDJSON, announced, body_of
from tests.stack import Stack

ROWS = int(float(os.environ.get("ROWS", "1000000")))
FEW_ROWS = max(100, ROWS // 100)
FEW, MANY, SMALL = Jurisdiction.CHANGZHOU, Jurisdiction.SUZHOU, Jurisdiction.NANTONG
SMALL_ROWS, SMALL_PUSHES = 100, 10
QUIET_SECONDS = 30.0
PATIENCE_SECONDS = 7_200.0
BOUNDED, SHOWN = ("sync-worker", "agent"), ("search-worker",)
"""Whose memory is judged, and whose is told: what is resident of search-worker holds pages of its index's files, too."""
MOST_MB = 500


@dataclass(frozen=True)
class Pushed:
    """Seconds from the agent's start until every row was applied, and until search found as many."""

    applied: float
    found: float


@dataclass
class Measured:
    """Of one run; seconds of the small batches and milliseconds of the questions, quiet and beside the long list."""

    few: Pushed
    many: Pushed
    again: Pushed
    events_again: int
    raw: float
    small: dict[str, list[float]]
    asked: dict[str, list[float]]
    largest_mb: dict[str, float] = field(default_factory=dict)


class SmallCity:
    """Pushes a hundred rows with every one changed, one batch after another; how long each took until it was applied."""

    def __init__(self, api: Api) -> None:
        self._operator = api.as_(f"operator-{SMALL}")
        self._pushes = 0

    def push(self) -> float:
        """Seconds."""
        sent = list(rows(SMALL_ROWS, changed=self._pushes, city=SMALL))
        self._pushes += 1
        began = time.perf_counter()
        told = announced(sent, jurisdiction=SMALL)
        path = f"sync/batches/{self._operator.post('sync/batches', json=told).expect(201)['id']}"
        self._operator.put(f"{path}/parts/0", content=body_of(sent), headers=NDJSON).expect(200)
        self._operator.post(f"{path}/commit").expect(202)
        until(lambda: self._operator.get(path).expect(200)["state"] == "applied", seconds=PATIENCE_SECONDS)
        return time.perf_counter() - began

    def pushing(self, seconds: list[float]) -> AbstractContextManager[None]:
        """Over and over, every two seconds at most, until the block ends."""

        def work(done: threading.Event) -> None:
            while not done.wait(2):
                seconds.append(self.push())

        return meanwhile(work)


def largest(pids: dict[str, int], into: dict[str, float]) -> AbstractContextManager[None]:
    """The most that each process holds resident while the block runs, in MB."""

    def sample(done: threading.Event) -> None:
        while not done.wait(0.5):
            for name, pid in pids.items():
                if psutil.pid_exists(pid):
                    into[name] = max(into.get(name, 0.0), psutil.Process(pid).memory_info().rss / 2**20)

    return meanwhile(sample)


def main() -> int:
    """0 when everything that is judged keeps its bound."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        stack = opened.enter_context(Stack(durable=False, settings=SETTINGS))
        stack.run("huning", "accounts", "seed")
        table = _table(_measured(stack, Api(stack.base_url), folder))
    for row in table:
        print(f"| {' | '.join(row)} |")
    return int(any("✗" in row[2] for row in table))


def _measured(stack: Stack, api: Api, folder: Path) -> Measured:
    times: dict[str, list[float]] = defaultdict(list)
    questions: dict[str, list[float]] = {}
    held: dict[str, float] = {}
    _say(f"{FEW_ROWS:,} rows")
    few = _pushed(api, Push(stack, api, _below(folder, FEW), FEW, FEW_ROWS, snapshot=True), FEW, FEW_ROWS)
    _say("another city and searches, alone")
    small = SmallCity(api)
    small.push()
    times["quiet"] = [small.push() for _ in range(SMALL_PUSHES)]
    with Asking(stack.place.port) as quiet:
        time.sleep(QUIET_SECONDS)
    questions["quiet"] = quiet.times
    _say(f"{ROWS:,} rows, and the other city and searches beside them")
    push = Push(stack, api, _below(folder, MANY), MANY, ROWS, snapshot=True)
    with Asking(stack.place.port) as beside, small.pushing(times["beside"]):
        many = _pushed(api, push, MANY, ROWS, _watched(stack), held)
    questions["beside"] = beside.times
    before = asyncio.run(_events(stack))
    push.verdict = "unchanged"
    _say(f"the same {ROWS:,} rows again")
    again = _pushed(api, push, MANY, ROWS)
    events = asyncio.run(_events(stack)) - before
    _say("the raw script")
    with Asking(stack.place.port), small.pushing([]):
        raw = asyncio.run(pushing.raw(stack, ROWS))
    return Measured(few, many, again, events, raw, times, questions, held)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _below(folder: Path, city: str) -> Path:
    place = folder / city
    place.mkdir()
    return place


def _watched(stack: Stack) -> dict[str, int]:
    return {name: pid for name in (*BOUNDED, *SHOWN) if (pid := stack.pid(name))}


def _pushed(
    api: Api,
    push: Push,
    city: Jurisdiction,
    count: int,
    pids: dict[str, int] | None = None,
    held: dict[str, float] | None = None,
) -> Pushed:
    """`held` gets the most that these processes and the agent hold meanwhile."""
    began = time.perf_counter()
    with push:
        stand_elsewhere(push.pid)
        with largest({**(pids or {}), "agent": push.pid}, {} if held is None else held):
            until(lambda: push.is_applied, seconds=PATIENCE_SECONDS, every=0.1)
            applied = time.perf_counter() - began
            until(lambda: found_of(api, city) >= count, seconds=PATIENCE_SECONDS, every=0.2)
    return Pushed(applied, time.perf_counter() - began)


async def _events(stack: Stack) -> int:
    """How many events of records were ever written."""
    consumer = AIOKafkaConsumer("huning.records", bootstrap_servers=stack.kafka, group_id=None)
    await consumer.start()
    try:
        return sum((await consumer.end_offsets(sorted(consumer.assignment()))).values())
    finally:
        await consumer.stop()


def _table(it: Measured) -> list[tuple[str, str, str]]:
    few, many = it.few.found / FEW_ROWS, it.many.found / ROWS
    quiet, beside = (p(sorted(it.asked[each]), 99) for each in ("quiet", "beside"))
    alone, busy = median(it.small["quiet"]), median(it.small["beside"])
    return [
        (f"a list of {ROWS:,}, applied in sync", f"{it.many.applied:.0f} s", f"{ROWS / it.many.applied:,.0f}/s"),
        ("the same, in search results", f"{it.many.found:.0f} s", f"{ROWS / it.many.found:,.0f}/s"),
        ("the same, raw script", f"{it.raw:.0f} s", f"{ROWS / it.raw:,.0f}/s"),
        _least("raw seconds / ours, applied", it.raw / it.many.applied, 0.5),
        _least("raw seconds / ours, to search results", it.raw / it.many.found, 0.5),
        _least("seconds applied / in search results", it.many.applied / it.many.found, 0.7),
        _least("the same list again, times faster", it.many.applied / it.again.applied, 3),
        ("the same list again, events", f"{it.events_again}", "none " + "✓✗"[it.events_again > 0]),
        _most(f"cost of a row against that of {FEW_ROWS:,}", many / few, 1.2),
        _most(f"{SMALL_ROWS} rows of another city meanwhile, {alone:.2f} s alone", busy / alone, 2),
        _most(f"searches' p99 meanwhile, {quiet:.0f} ms alone", beside / quiet, 2),
        *((f"memory, {name}", f"{it.largest_mb[name]:,.0f} MB", _small(it.largest_mb[name])) for name in BOUNDED),
        *((f"memory, {name}", f"{it.largest_mb[name]:,.0f} MB", "resident, with its index's pages") for name in SHOWN),
    ]


def _small(megabytes: float) -> str:
    return _within(megabytes <= MOST_MB, f"≤ {MOST_MB} MB")


def _least(what: str, ratio: float, bound: float) -> tuple[str, str, str]:
    return what, f"{ratio:.2f}", _within(ratio >= bound, f"≥ {bound:g}")


def _most(what: str, ratio: float, bound: float) -> tuple[str, str, str]:
    return what, f"{ratio:.2f}", _within(ratio <= bound, f"≤ {bound:g}")


def _within(kept: bool, bound: str) -> str:
    return f"{bound} {'✓' if kept else '✗'}"


if __name__ == "__main__":
    sys.exit(main())
