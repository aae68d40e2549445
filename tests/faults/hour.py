"""`make soak-hour`: an hour of people, companies and a city at work while one process a minute is killed or paused.

First the same load without faults, for a quarter of the time, so that there is something to compare with. Judged: nothing
lost, nobody told twice, no read failed, no write refused more than once in a row, reads' p99 within twice the quiet one, and
no process whose memory grows. `MINUTES=` sizes it, `SEED=` repeats who is hurt when.
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from rich.console import Console

from shared.runtime.service import Service
from shared.values.jurisdictions import Jurisdiction
from tests.benchmarks.rows import rows
from tests.client import Api, until
from tests.composing import composed
from tests.faults.loading import Counts, Load
from tests.faults.memory import Memory
from tests.faults.outcomes import everybody_is_told_once, nothing_is_lost
from tests.faults.pushing import City
from tests.faults.settling import AFTER_THE_BROKER
from tests.faults.walking import Walk
from tests.scale import SEED
from tests.stack import PATIENT, Stack

MINUTES = float(os.environ.get("MINUTES", "60"))
KILLED = ("search", "search-2", "challenges", "challenges-2", "search-worker", "sync-worker", "notifications")
PAUSED = ("search-2", "challenges-2", "search-worker", "sync-worker", "notifications", "kafka")
PAUSE_SECONDS = (2.0, 20.0)
ROWS = 200
CITY = Jurisdiction.WUXI
EVERY_PUBLISH_SECONDS, EVERY_PUSH_SECONDS = 3.0, 20.0
MOST_P99 = 2.0
MOST_GROWTH = 30.0
"""MiB from the quiet part to the last minutes: what the load may leave behind in pools and caches that are bounded."""
LAST_SECONDS = 600.0
BOUNDED = {"kafka": 900.0, "mongodb": 1_100.0}
"""MiB at last. These fill what their settings give them, for hours: the broker a heap of 512 MB beside its code, the database
a cache of 256 MB beside what each of its connections and its sorted lists take. Their slope says nothing before that."""


@dataclass
class Worked:
    """What was acknowledged in all phases."""

    published: list[str] = field(default_factory=list)
    pushes: int = 0
    faults: Counter[str] = field(default_factory=Counter)


@dataclass
class Hour:
    """One system, and everybody who works with it."""

    stack: Stack
    walk: Walk
    city: City
    load: Load
    console: Console
    worked: Worked = field(default_factory=Worked)

    def quiet(self, seconds: float) -> Counts:
        """The load without faults."""
        with self._at_work() as counts:
            self._pass("平静", seconds, lambda: None)
        return counts

    def troubled(self, seconds: float, seed: int) -> Counts:
        """The same with a fault a minute."""
        chosen = random.Random(seed)
        with self._at_work() as counts:
            self._pass("故障", seconds, lambda: self._hurt(chosen))
        return counts

    @contextmanager
    def _at_work(self) -> Iterator[Counts]:
        done = threading.Event()
        with ThreadPoolExecutor(2) as pool, self.load.running() as counts:
            working: list[Future[None]] = [pool.submit(each, done) for each in (self._publish, self._push)]
            try:
                yield counts
            finally:
                done.set()
                for each in working:
                    each.result()

    def _pass(self, phase: str, seconds: float, each_minute: Callable[[], None]) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            minute = min(60.0, left)
            began = time.monotonic()
            each_minute()
            time.sleep(max(0.0, began + minute - time.monotonic()))
            done = f"已发榜 {len(self.worked.published)}，推送 {self.worked.pushes} 次，故障 {dict(self.worked.faults)}"
            self.console.print(f"{phase}：还剩 {max(0.0, left - minute) / 60:.0f} 分钟；{done}")

    def _hurt(self, chosen: random.Random) -> None:
        """Kills one process, or pauses it for a while, and waits until it is back."""
        if chosen.random() < 0.5:
            name = chosen.choice(KILLED)
            was = self.stack.kill(name, signal.SIGKILL)
            until(lambda: self.stack.pid(name) not in (None, was), seconds=60)
            self.worked.faults[f"kill {name}"] += 1
        else:
            name = chosen.choice(PAUSED)
            pid = self.stack.kill(name, signal.SIGSTOP)
            time.sleep(chosen.uniform(*PAUSE_SECONDS))
            os.kill(pid, signal.SIGCONT)
            self.worked.faults[f"pause {name}"] += 1
        self.stack.wait_ready(name)

    def _publish(self, done: threading.Event) -> None:
        while not done.is_set():
            self.worked.published.append(self.walk.publish(f"第{len(self.worked.published)}号"))
            done.wait(EVERY_PUBLISH_SECONDS)

    def _push(self, done: threading.Event) -> None:
        while not done.is_set():
            self.city.push(rows(ROWS, changed=self.worked.pushes, city=CITY))
            self.worked.pushes += 1
            done.wait(EVERY_PUSH_SECONDS)


def main() -> int:
    """0 when everything that is judged holds."""
    console, seconds = Console(stderr=True), MINUTES * 60
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        stack = opened.enter_context(Stack(replicas={"search": 2, "challenges": 2}, settings=PATIENT))
        services = opened.enter_context(composed(stack.place.keys, folder / "composed"))
        hour = _hour(stack, services, folder, console, seconds)
        memory = Memory(stack)
        with memory.sampled():
            quiet = hour.quiet(seconds / 4)
            quiet_until = time.monotonic()
            troubled = hour.troubled(seconds, SEED)
        stack.wait_ready(*stack.names)
        took = hour.walk.settled(AFTER_THE_BROKER)
        nothing_is_lost(hour.walk, hour.worked.published, [])
        hour.city.holds(list(rows(ROWS, changed=hour.worked.pushes - 1, city=CITY)))
        everybody_is_told_once(hour.walk, hour.worked.published, f"seed {SEED}")
    print(f"seed {SEED}: {dict(hour.worked.faults)}; nobody was behind {took:.1f} s after the end")
    print(f"{len(hour.worked.published)} challenges, {hour.worked.pushes} pushes of {ROWS} rows: 0 lost, 0 told twice")
    return int(not all([_judged(quiet, troubled), _flat(memory, quiet_until)]))


def _judged(quiet: Counts, troubled: Counts) -> bool:
    print(f"quiet    {quiet}\ntroubled {troubled}")
    before, after = (quantiles(each.read_seconds, n=100)[98] * 1000 for each in (quiet, troubled))
    print(
        f"reads' p99: {before:.0f} ms quiet, {after:.0f} ms troubled, {after / before:.2f} times (at most {MOST_P99})"
    )
    wrong = [*troubled.failed_reads, *troubled.wrong_writes]
    for each in wrong[:10]:
        print(f"  ✗ {each}")
    return not wrong and troubled.writes.keys() <= {0, 1} and after <= MOST_P99 * before


def _flat(memory: Memory, quiet_until: float) -> bool:
    """The slope is that within a life, and a process that was just restarted fills its pools first; so what is judged is where
    it came to."""
    wrong = False
    for name, slope in memory.slopes().items():
        quiet = memory.largest(name, until=quiet_until)
        last = memory.largest(name, since=time.monotonic() - LAST_SECONDS)
        grows = last > BOUNDED[name] if name in BOUNDED else last - quiet > MOST_GROWTH
        print(f"memory, {name}: {slope:+.1f} MiB/h; {quiet:.0f} MiB quiet, {last:.0f} MiB at last {'✗' * grows}")
        wrong = wrong or grows
    return not wrong


def _hour(stack: Stack, services: Mapping[str, Service], folder: Path, console: Console, seconds: float) -> Hour:
    stack.run("huning", "accounts", "seed")
    api = Api(stack.base_url, timeout=60)
    walk = Walk(stack, api, services)
    walk.watch(int(1.3 * seconds / EVERY_PUBLISH_SECONDS) + 10)
    shown = walk.publish("常读")
    until(lambda: walk.is_found(shown))
    paths = (f"challenges/{shown}", f"search/items/{shown}", "search?q=容错", "search/map", "labels")
    load = Load(api, paths, people=2, pause_seconds=0.2)
    return Hour(stack, walk, City.register(stack, api, CITY, folder), load, console)


if __name__ == "__main__":
    sys.exit(main())
