"""What was last proven of each guard, and when: ledger.json, which `make mutants` writes and people commit.

An entry holds a digest of all that the proof rests on: the row of the table, the guarded file and the test's file.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.mutants.mutant import Mutant

PATH = Path(__file__).with_name("ledger.json")


@dataclass(frozen=True)
class Proof:
    """That a test failed without the guard: on what, and on which day."""

    digest: str
    on: str


Ledger = Mapping[str, Proof]


def digest(mutant: Mutant, root: Path) -> str:
    """Of the row, the guarded file and the test's file; a file that is not there counts as empty."""
    row = json.dumps(asdict(mutant), ensure_ascii=False, sort_keys=True).encode()
    files = (root / mutant.file, root / mutant.test_file)
    contents = [path.read_bytes() if path.exists() else b"" for path in files]
    return sha256(b"".join(sha256(each).digest() for each in (row, *contents))).hexdigest()[:16]


def by_need(mutants: Sequence[Mutant], ledger: Ledger, root: Path, today: date) -> tuple[list[Mutant], list[Mutant]]:
    """Those that differ from what was proven, and the others, oldest first.

    Among equals the quick ones come first, in an order that turns daily.
    """
    turned = list(mutants)
    Random(today.toordinal()).shuffle(turned)
    turned.sort(key=lambda each: each.seconds)
    same = {mutant: _is_proven(mutant, ledger, root) for mutant in turned}
    unchanged = sorted((each for each in turned if same[each]), key=lambda each: ledger[each.guard].on)
    return [each for each in turned if not same[each]], unchanged


def updated(ledger: Ledger, killed: Mapping[Mutant, bool], root: Path, today: date) -> dict[str, Proof]:
    """The ledger after these trials: what was killed is proven as of today, and what was not is proven no longer."""
    proven = {mutant.guard: Proof(digest(mutant, root), today.isoformat()) for mutant, was in killed.items() if was}
    refuted = {mutant.guard for mutant, was in killed.items() if not was}
    return {guard: proof for guard, proof in {**ledger, **proven}.items() if guard not in refuted}


def read(path: Path) -> dict[str, Proof]:
    """Guard → its proof."""
    return {guard: Proof(**entry) for guard, entry in json.loads(path.read_text()).items()}


def write(path: Path, ledger: Ledger, table: Iterable[Mutant]) -> None:
    """In the order of names, so that a proof is one changed line in a diff; guards that are no longer there are left out."""
    entries = {guard: asdict(ledger[guard]) for guard in sorted(each.guard for each in table) if guard in ledger}
    lines = (f"  {json.dumps(guard, ensure_ascii=False)}: {json.dumps(entry)}" for guard, entry in entries.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _is_proven(mutant: Mutant, ledger: Ledger, root: Path) -> bool:
    proof = ledger.get(mutant.guard)
    return proof is not None and proof.digest == digest(mutant, root)
