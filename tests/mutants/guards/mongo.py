"""The guards of shared/mongo.py."""

from tests.mutants.mutant import Mutant

_LAW_2 = "tests/laws/test_state_and_event_are_one_write.py"

GUARDS = (
    Mutant(
        "values are literal in pipelines",
        "shared/mongo.py",
        'return {"$literal": value}',
        "return value  # type: ignore[return-value]",
        f"{_LAW_2}::test_values_that_look_like_paths_are_kept",
    ),
)
