"""Which guards a time-boxed run tries first."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.mutants import ledger
from tests.mutants.mutant import Mutant

TODAY = date(2026, 11, 29)
GUARDS = [Mutant(f"guard {n}", f"guarded{n}.py", "x", "y", f"test{n}.py::test_it") for n in range(4)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for n in range(len(GUARDS)):
        (tmp_path / f"guarded{n}.py").write_text("x")
        (tmp_path / f"test{n}.py").write_text("def test_it(): ...")
    return tmp_path


def proven(root: Path, *guards: Mutant, on: date = TODAY) -> dict[str, ledger.Proof]:
    return ledger.updated({}, dict.fromkeys(guards, True), root, on)


def test_a_guard_whose_file_or_test_or_row_changed_comes_before_all_that_did_not(root: Path) -> None:
    kept = proven(root, *GUARDS)
    (root / "guarded1.py").write_text("x, rewritten")
    (root / "test2.py").write_text("def test_it(): assert True")
    rewritten = [*GUARDS[:3], replace(GUARDS[3], instead="z")]
    changed, unchanged = ledger.by_need(rewritten, kept, root, TODAY)
    assert {each.guard for each in changed} == {"guard 1", "guard 2", "guard 3"}
    assert unchanged == [GUARDS[0]]


def test_a_guard_that_was_never_proven_counts_as_changed(root: Path) -> None:
    assert ledger.by_need(GUARDS[:1], {}, root, TODAY) == (GUARDS[:1], [])


def test_of_unchanged_guards_the_one_proven_longest_ago_comes_first(root: Path) -> None:
    kept = {
        guard: proof
        for n, each in enumerate(GUARDS)
        for guard, proof in proven(root, each, on=TODAY - timedelta(days=n)).items()
    }
    assert ledger.by_need(GUARDS, kept, root, TODAY) == ([], GUARDS[::-1])


def test_among_equals_another_one_comes_first_on_another_day(root: Path) -> None:
    kept = proven(root, *GUARDS)
    firsts = {ledger.by_need(GUARDS, kept, root, TODAY + timedelta(days=n))[1][0] for n in range(30)}
    assert firsts == set(GUARDS)


def test_a_guard_that_survived_is_proven_no_longer(root: Path) -> None:
    kept = proven(root, *GUARDS)
    after = ledger.updated(kept, {GUARDS[0]: False, GUARDS[1]: True}, root, TODAY)
    assert after.keys() == {"guard 1", "guard 2", "guard 3"}


def test_the_file_holds_the_guards_of_the_table_alone_and_reads_as_it_was_written(root: Path) -> None:
    kept = proven(root, *GUARDS)
    ledger.write(root / "ledger.json", kept, GUARDS[:2])
    assert ledger.read(root / "ledger.json") == {each.guard: kept[each.guard] for each in GUARDS[:2]}
