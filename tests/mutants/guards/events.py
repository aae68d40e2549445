"""The guards of shared/events: what stands on the log, and how it is read."""

from tests.mutants.mutant import Mutant

_ENVELOPE = "shared/tests/test_envelope.py"
_CONTRACTS = "tests/contracts/test_contracts.py"

GUARDS = (
    Mutant(
        "no event about a sealed claim carries the trace of a request",
        "shared/events/envelope.py",
        "if self.type.sealed:",
        "if False:",
        f"{_ENVELOPE}::test_no_event_about_a_sealed_claim_carries_the_trace_of_a_request",
    ),
    Mutant(
        "a reader keeps a value that it does not know",
        "shared/values/open_sets.py",
        "        return text\n",
        "        raise\n",
        f"{_CONTRACTS}::test_a_role_from_tomorrow_is_kept_as_well",
    ),
    Mutant(
        "an owner that does not say that a challenge is public has said no",
        "shared/events/challenges.py",
        "public: bool = False",
        "public: bool = True",
        f"{_CONTRACTS}::test_a_challenge_whose_owner_does_not_say_that_it_is_public_is_not",
    ),
    Mutant(
        "an old challenge in a state that was not public is not public now",
        "shared/events/upcasters.py",
        '"public": state in _PUBLIC_AT_FIRST',
        '"public": True',
        f"{_CONTRACTS}::test_a_challenge_that_did_not_say_whether_it_is_public_is_so_by_its_state",
    ),
    Mutant(
        "every upcaster from the version that was read to the newest runs",
        "shared/events/catalogue.py",
        "for older in versions[begin:]:",
        "for older in versions[begin + 1 :]:",
        f"{_CONTRACTS}::test_a_challenge_that_was_published_by_the_first_version_is_public",
    ),
    Mutant(
        "what is wrong with a payload is told without its values",
        "shared/events/payload.py",
        'extra="ignore", hide_input_in_errors=True',
        'extra="ignore"',
        f"{_ENVELOPE}::test_what_is_wrong_with_a_payload_is_told_without_its_values",
    ),
)
