"""The guards of shared/messaging: law 6, an offset is committed after the work."""

from tests.mutants.mutant import Mutant

_LAW_6 = "tests/laws/test_work_then_commit.py"
_MARKS = "tests/laws/test_a_deadly_message_is_found.py"

GUARDS = (
    Mutant(
        "the offset is committed after the work",
        "shared/messaging/consuming.py",
        "AckPolicy.NACK_ON_ERROR",
        "AckPolicy.ACK_FIRST",
        _LAW_6,
    ),
    Mutant(
        "a batch that was interrupted goes back",
        "shared/messaging/consuming.py",
        "raise Interrupted from error",
        "return None  # type: ignore[return-value]",
        f"{_LAW_6}::test_what_a_process_had_begun_when_it_was_stopped_comes_again",
    ),
    Mutant(
        "a deadly message is counted where it stands",
        "shared/messaging/marks.py",
        'return f"{group}/{record.topic}/{record.partition}/{record.offset}"',
        'return f"{group}/{record.topic}/{record.partition}/record"',
        _MARKS,
    ),
    Mutant(
        "a record that was survived is above suspicion",
        "shared/messaging/consuming.py",
        "await self._patiently(lambda: self.marks.survived(group, record))",
        "pass",
        _MARKS,
    ),
    Mutant(
        "a flood of bad messages stops the consumer instead of emptying the topic into the dead letters",
        "shared/messaging/parking.py",
        "if is_new and self.limit.is_reached(place, time.monotonic()):",
        "if False:",
        f"{_LAW_6}::test_a_flood_of_what_cannot_be_handled_stops_the_consumer_instead_of_parking_the_topic",
    ),
    Mutant(
        "a consumer that is flooded is not ready",
        "shared/messaging/status.py",
        "self.stalled or self.flooded or",
        "self.stalled or",
        "shared/tests/test_health.py::test_a_consumer_works_while_it_moves_however_far_behind_it_is",
    ),
    Mutant(
        "bad messages are counted by the minute as well",
        "shared/messaging/limits.py",
        "or len(recent) >= self.a_minute",
        "",
        "shared/tests/test_parking_limit.py::test_never_more_are_parked_than_the_limit_allows",
    ),
)
