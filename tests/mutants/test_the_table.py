"""The table of guards keeps up with the code: what `make mutants` takes away stands where the row says."""

import pytest

from tests.mutants.__main__ import ROOT
from tests.mutants.mutant import Mutant
from tests.mutants.process_guards import GUARDS as PROCESS_GUARDS
from tests.mutants.service_guards import GUARDS as SERVICE_GUARDS
from tests.mutants.shared_guards import GUARDS as SHARED_GUARDS

GUARDS = [*SHARED_GUARDS, *SERVICE_GUARDS, *PROCESS_GUARDS]


@pytest.mark.parametrize("mutant", GUARDS, ids=lambda mutant: mutant.guard)
def test_a_guard_stands_once_in_its_file_and_its_test_exists(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.text) == 1
    file, _, name = mutant.test.partition("::")
    assert not name or f"def {name.partition('[')[0]}(" in (ROOT / file).read_text()
    assert (ROOT / file).exists()
