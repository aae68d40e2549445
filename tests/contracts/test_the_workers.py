"""Which tests a worker of pytest-xdist gets together."""

from tests.groups import group_of


def test_tests_of_one_running_system_stay_together_and_others_go_where_a_worker_is_free() -> None:
    assert group_of("tests/security/test_tokens.py::test_a") == group_of("tests/faults/test_b.py::test_b") == "stack"
    assert group_of("tests/laws/test_a.py::test_a[1]") == group_of("tests/services/sync/test_b.py::test_b") == "servers"
    alone = "services/sync/tests/test_batch.py::test_a[1]"
    assert group_of(alone) == alone
