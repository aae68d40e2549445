"""The guards of shared/events: what stands on the log, and how it is read."""

from tests.mutants.mutant import Mutant

_ENVELOPE = "shared/tests/test_envelope.py"

GUARDS = (
    Mutant(
        "no event about a sealed claim carries the trace of a request",
        "shared/events/envelope.py",
        "if self.type.sealed:",
        "if False:",
        f"{_ENVELOPE}::test_no_event_about_a_sealed_claim_carries_the_trace_of_a_request",
    ),
)
