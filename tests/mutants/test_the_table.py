"""The table of guards keeps up with the code: what `make mutants` takes away stands where the row says."""

import pytest

from tests.mutants.mutant import Mutant
from tests.mutants.table import all_guards
from tests.mutants.trial import ROOT


@pytest.mark.parametrize("mutant", all_guards(), ids=lambda mutant: mutant.guard)
def test_a_guard_stands_once_in_its_file_and_its_test_exists(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.text) == 1
    file, _, name = mutant.test.partition("::")
    assert not name or f"def {name.partition('[')[0]}(" in (ROOT / file).read_text()
    assert (ROOT / file).exists()


def test_a_guard_has_a_name_of_its_own() -> None:
    names = [mutant.guard for mutant in all_guards()]
    assert len(names) == len(set(names))
