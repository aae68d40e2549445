"""Takes one guard away at a time and sees whether its test notices: `python -m tests.mutants [WORD] [--minutes N]`.

Without options all guards are tried, or those whose name has the word, and what was proven is written to the ledger. With
`--minutes` those that changed since they were last proven come first, then the oldest, until the time is over; the ledger
stays as it is, since CI commits nothing. A mutant that survives is printed as such and makes the exit code 1; so does a row
whose text is no longer in its file, or whose test fails without the mutant.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from tests.mutants import ledger
from tests.mutants.mutant import Mutant
from tests.mutants.table import all_guards
from tests.mutants.trial import ROOT, Lane, SoundTests
from tests.stack import Servers

LANES = 2
"""How many mutants are tried side by side, each in a copy of the tree and under a prefix of its own."""


def main(arguments: Sequence[str]) -> int:
    """1 when something survived or a row is out of date."""
    asked = _parser().parse_args(arguments)
    today = datetime.now(UTC).date()
    proven = ledger.read(ledger.PATH)
    chosen = [mutant for mutant in all_guards() if asked.word in mutant.guard]
    if asked.minutes:
        changed, unchanged = ledger.by_need(chosen, proven, ROOT, today)
        print(f"{len(changed)} guards or tests changed since they were proven, {len(unchanged)} did not")
        chosen = [*changed, *unchanged]
    until = time.monotonic() + asked.minutes * 60 if asked.minutes else float("inf")
    fates: dict[Mutant, str] = {}
    try:
        try_all(chosen, until, fates)
    finally:  # what was proven before Ctrl-C stays proven
        _say(fates, len(chosen))
        if not asked.minutes:
            kept = ledger.updated(proven, {mutant: fate == "killed" for mutant, fate in fates.items()}, ROOT, today)
            ledger.write(ledger.PATH, kept, all_guards())
    return int(set(fates.values()) != {"killed"})


def try_all(mutants: Sequence[Mutant], until: float, fates: dict[Mutant, str]) -> None:
    """Puts down the fate of each mutant that was begun before this instant of the monotonic clock."""
    waiting, sound = _Waiting(mutants, until), SoundTests(mutants)

    def work(lane: Lane) -> None:
        while mutant := waiting.next():
            fates[mutant] = lane.fate(mutant, sound)
            print(f"{fates[mutant]:<10} {mutant.guard}", flush=True)

    with Servers() as servers, tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(LANES) as pool:
        lanes = [Lane(Path(folder) / str(n), servers, f"mutants{n}.") for n in range(LANES)]
        try:
            for done in [pool.submit(work, lane) for lane in lanes]:
                done.result()
        finally:
            waiting.stop()  # after Ctrl-C, or when a lane failed, the lanes begin nothing more


class _Waiting:
    """Hands out mutants to the lanes until the time is over."""

    def __init__(self, mutants: Sequence[Mutant], until: float) -> None:
        self._mutants, self._until, self._lock = iter(mutants), until, Lock()

    def stop(self) -> None:
        """From now on there is no time."""
        self._until = float("-inf")

    def next(self) -> Mutant | None:
        """The next one; None when there is none or no time."""
        with self._lock:
            return next(self._mutants, None) if time.monotonic() < self._until else None


def _say(fates: dict[Mutant, str], chosen: int) -> None:
    counts = Counter(fates.values())
    print(f"{counts['killed']} of {len(fates)} killed; {chosen - len(fates)} not reached in the time given")
    for mutant, fate in fates.items():
        if fate != "killed":
            print(f"  {fate}: {mutant.guard} ({mutant.file})")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.mutants")
    parser.add_argument("word", nargs="?", default="", help="only the guards whose name has this word")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop beginning mutants after so many minutes")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
