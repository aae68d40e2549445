"""Processes killed at random, one after another, with a seed that repeats who and when."""

import random
import signal
import time
from collections import Counter
from collections.abc import Sequence

from tests.client import until
from tests.stack import Stack

PAUSE_SECONDS = (0.2, 1.5)


def kill_at_random(stack: Stack, victims: Sequence[str], kills: int, seed: int) -> Counter[str]:
    """So many kills, the next one when the process is there again; how often whom."""
    choose, killed = random.Random(seed), Counter[str]()
    while killed.total() < kills:
        victim = choose.choice(victims)
        was = until(lambda victim=victim: stack.pid(victim))  # type: ignore[misc]
        stack.kill(victim, signal.SIGKILL)
        killed[victim] += 1
        until(lambda victim=victim, was=was: stack.pid(victim) not in (None, was))  # type: ignore[misc]
        time.sleep(choose.uniform(*PAUSE_SECONDS))
    return killed
