"""The guards of services/challenges: rules of the domain, sealing, visibility."""

from tests.mutants.mutant import Mutant

_CLAIMS = "services/challenges/tests/test_claims.py"
_ACTIONS = "services/challenges/tests/test_actions.py"

GUARDS = (
    Mutant(
        "the poster cannot claim its own challenge",
        "services/challenges/claiming/actions.py",
        "if is_the_poster(setting.challenge, setting.claimant):",
        "if False:",
        _CLAIMS,
    ),
    Mutant(
        "the same credit code is the same organisation",
        "services/challenges/claiming/rules.py",
        "return organization.id == poster.id or organization.credit_code == poster.credit_code",
        "return organization.id == poster.id",
        _CLAIMS,
    ),
    Mutant(
        "the deadline is the last moment",
        "services/challenges/claiming/actions.py",
        'if challenge.state == "published" and at <= challenge.deadline:',
        'if challenge.state == "published":',
        _CLAIMS,
    ),
    Mutant(
        "one live claim per organisation",
        "services/challenges/claiming/actions.py",
        'if any(each.state != "withdrawn" for each in earlier):',
        "if False:",
        _CLAIMS,
    ),
    Mutant(
        "every partner consents",
        "services/challenges/claiming/actions.py",
        "(commitment_is_accepted, partners_consent),",
        "(commitment_is_accepted,),",
        _CLAIMS,
    ),
    Mutant(
        "a sealed claim opens in its own place only",
        "services/challenges/claiming/sealing.py",
        'return f"claim/{challenge_id}/{claim_id}"',
        'return "claim"',
        "services/challenges/tests/test_sealing.py",
    ),
    Mutant(
        "an event tells the problem only where it is disclosed in full",
        "services/challenges/posting/challenge.py",
        'return self.is_public and self.disclosure == "full"',
        "return self.is_public",
        f"{_ACTIONS}::test_events_keep_the_problem_to_themselves_unless_it_is_disclosed_in_full",
    ),
    Mutant(
        "an event tells no problem before publication",
        "services/challenges/posting/challenge.py",
        'return self.is_public and self.disclosure == "full"',
        'return self.disclosure == "full"',
        f"{_ACTIONS}::test_events_before_publication_never_tell_the_problem",
    ),
    Mutant(
        "a draft is its organisation's alone",
        "services/challenges/posting/visibility.py",
        'jurisdiction=None if challenge.state == "draft" else challenge.jurisdiction,',
        "jurisdiction=challenge.jurisdiction,",
        "tests/services/challenges/test_the_wire.py::test_a_city_finds_no_draft_to_decide_on",
    ),
)
