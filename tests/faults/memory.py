"""How much memory each process holds over time, and whether it grows."""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import linear_regression

import psutil

from tests.meanwhile import meanwhile
from tests.stack import Stack

_EVERY_SECONDS = 10.0
_WARM_SECONDS = 180.0
"""A process fills its caches and pools first: what it takes then says nothing about later."""
_FEWEST = 12


@dataclass
class Memory:
    """Samples of every process, by name and pid: one that was restarted begins anew. Seconds, and MiB resident."""

    stack: Stack
    samples: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def sampled(self) -> AbstractContextManager[None]:
        """Takes samples until the block ends."""
        return meanwhile(self._sample)

    def slopes(self) -> Mapping[str, float]:
        """MiB an hour by process: the mean over its lives, each weighed by its length, without its first minutes."""
        weighed: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for (name, _), samples in self.samples.items():
            warm = [each for each in samples if each[0] >= samples[0][0] + _WARM_SECONDS]
            if len(warm) >= _FEWEST:
                times, sizes = zip(*warm, strict=True)
                weighed[name].append((linear_regression(times, sizes).slope * 3600, len(warm)))
        return {name: sum(s * n for s, n in each) / sum(n for _, n in each) for name, each in sorted(weighed.items())}

    def largest(self, name: str, since: float = -math.inf, until: float = math.inf) -> float:
        """MiB, between these instants of the monotonic clock; 0 where it did not run."""
        sizes = (each for (of, _), samples in self.samples.items() if of == name for each in samples)
        return max((size for at, size in sizes if since <= at <= until), default=0.0)

    def _sample(self, done: threading.Event) -> None:
        while not done.wait(_EVERY_SECONDS):
            for name in self.stack.names:
                pid = self.stack.pid(name)
                try:
                    if pid is not None:
                        size = psutil.Process(pid).memory_info().rss / 2**20
                        self.samples[name, pid].append((time.monotonic(), size))
                except psutil.NoSuchProcess:
                    continue
