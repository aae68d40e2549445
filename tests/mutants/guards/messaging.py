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
)
