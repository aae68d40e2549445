"""Ports for stacks that run side by side: in two workers of one run, or in two runs on one machine."""

import fcntl
import os
import random
import tempfile
from pathlib import Path
from typing import IO

from deploy.local.ports import is_free

_BLOCKS = range(22_000, 32_000, 100)
"""The first ports of the ranges, below those that systems give out."""
_HIGHEST_OFFSET = 60
"""topology.py places everything within this many ports above the gateway's."""
_held: list[IO[str]] = []
"""The locks of the ranges that this process took; the system releases them when it ends."""


def free_range() -> int:
    """A port for a gateway such that the ones above it that a stack uses are free and stay this process's own."""
    for first in random.sample(_BLOCKS, len(_BLOCKS)):
        if (lock := _locked(first)) is None:
            continue
        if all(is_free(first + offset) for offset in range(_HIGHEST_OFFSET)):
            _held.append(lock)
            return first
        lock.close()
    raise AssertionError("no range of free ports found between 22000 and 32000")


def _locked(first: int) -> IO[str] | None:
    """The lock of the range that begins here; None when another process has it."""
    folder = Path(tempfile.gettempdir()) / f"huning-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    lock = (folder / str(first)).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
