"""All guards in one table: the rows of every module in tests/mutants/guards, so that a new area is a new file there."""

from importlib import import_module
from pkgutil import iter_modules

from tests.mutants import guards
from tests.mutants.mutant import Mutant


def all_guards() -> tuple[Mutant, ...]:
    """Every row, area after area in the order of their names."""
    areas = sorted(module.name for module in iter_modules(guards.__path__))
    return tuple(row for area in areas for row in import_module(f"{guards.__name__}.{area}").GUARDS)
