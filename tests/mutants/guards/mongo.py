"""The guards of shared/mongo.py."""

from tests.mutants.mutant import Mutant

_CODES = "shared/tests/test_mongo.py"
_LAW_2 = "tests/laws/test_state_and_event_are_one_write.py"

GUARDS = (
    Mutant(
        "values are literal in pipelines",
        "shared/mongo.py",
        'return {"$literal": value}',
        "return value  # type: ignore[return-value]",
        f"{_LAW_2}::test_values_that_look_like_paths_are_kept",
    ),
    Mutant(
        "a lost cursor is waited for",
        "shared/mongo.py",
        "return error.code not in OUR_FAULTS and",
        "return error.code != 43 and error.code not in OUR_FAULTS and",
        "tests/laws/test_work_then_commit.py::test_a_message_whose_cursor_was_lost_is_done_again_and_not_parked",
    ),
    Mutant(
        "a code of the database that nobody has heard of is waited for",
        "shared/mongo.py",
        "return error.code not in OUR_FAULTS and",
        'return error.has_error_label("RetryableWriteError") and',
        f"{_CODES}::test_what_is_not_known_to_be_our_own_fault_is_waited_for",
    ),
    Mutant(
        "a failed validation is not waited for",
        "shared/mongo.py",
        '    121: "DocumentValidationFailure",\n',
        "",
        f"{_CODES}::test_whatever_else_the_driver_raises_is_told_apart_too",
    ),
    Mutant(
        "a bulk in which only some were duplicates is written again",
        "shared/mongo.py",
        "return _codes(error) == {11000}",
        "return 11000 in _codes(error)",
        f"{_CODES}::test_whatever_else_the_driver_raises_is_told_apart_too",
    ),
    Mutant(
        "a start on a full disk waits",
        "shared/runtime/service.py",
        "await _patiently(read_model.start)",
        "await read_model.start()",
        "shared/tests/test_starting.py",
    ),
)
