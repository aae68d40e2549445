"""How much tests that draw at random do, and from which seed: `SCALE=` and `SEED=`, printed at the head of every run.

`make soak` holds the full counts, CI a tenth of them with a seed that turns; `SEED=` repeats a run. Benchmarks take their
size from the same `SCALE=`.
"""

import math
import os
import time

SCALE = float(os.environ.get("SCALE", "1"))
SEED = int(os.environ.setdefault("SEED", str(int(time.time()))))
"""Set in the environment as well, so that the workers of one run draw from the same."""


def scaled(full: int, least: int = 1) -> int:
    """A tenth of `full` at SCALE=0.1, and never less than `least`."""
    return max(least, math.ceil(full * SCALE))
