"""The guards of services/accounts."""

from tests.mutants.mutant import Mutant

_PEOPLE = "services/accounts/tests/test_people.py"
_SESSIONS = "tests/services/accounts/test_sessions.py"
_FAMILIES = "services/accounts/sessions/families.py"
_WIRE = "tests/services/accounts/test_the_wire.py"

GUARDS = (
    Mutant(
        "nobody verifies their own organisation",
        "services/accounts/organizations/domain.py",
        "if organization.applicant_id == by:",
        "if False:",
        "services/accounts/tests/test_organizations.py",
    ),
    Mutant(
        "an organisation is shown to whom it concerns",
        "services/accounts/organizations/queries.py",
        'check("accounts.show-organization", caller, facts_of(found.state))',
        "pass",
        "tests/services/accounts/test_organizations.py",
    ),
    Mutant(
        "only a verified organisation is joined",
        "services/accounts/people/commands.py",
        'if organization.status == "verified":',
        "if True:",
        "tests/services/accounts/test_organizations.py",
    ),
    Mutant(
        "an approval that comes back does not bring back a membership that ended",
        "services/accounts/people/domain.py",
        "if user.membership_in(organization_id) or organization_id in user.left:",
        "if user.membership_in(organization_id):",
        _PEOPLE,
    ),
    Mutant(
        "nobody acts for an organisation that is not theirs",
        "services/accounts/people/domain.py",
        "        raise Refusal(shared_problems.MEMBERSHIP_ENDED)",
        "        return user.memberships[0] if user.memberships else None",
        _PEOPLE,
    ),
    Mutant(
        "a refresh goes on for the organisation of the login, and for no other one",
        "services/accounts/sessions/commands.py",
        "if held.began_for is not None:",
        "if False:",
        _WIRE,
    ),
    Mutant(
        "a refresh token is one of ours",
        _FAMILIES,
        'if not hmac.compare_digest(mac.encode(), self._mac(f"refresh/{family}/{number}").encode()):',
        "if False:",
        _SESSIONS,
    ),
    Mutant(
        "a repeated refresh answers the same pair for ten seconds and no longer",
        _FAMILIES,
        "if at - exchanged <= REPEAT:",
        "if True:",
        _SESSIONS,
    ),
    Mutant(
        "an exchange writes only what it has read",
        _FAMILIES,
        'unchanged = {"$and": [{"$eq": ["$number", family["number"]]}, {"$eq": ["$ended", False]}]}',
        'unchanged = {"$eq": [1, 1]}',
        f"{_SESSIONS}::test_an_exchange_that_was_overtaken_turns_nothing_back",
    ),
    Mutant(
        "a late reuse ends the family",
        _FAMILIES,
        '{"$set": {"ended": True}}',
        '{"$set": {"ended": False}}',
        _SESSIONS,
    ),
    Mutant(
        "no instant of a session is kept",
        _FAMILIES,
        "return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)",
        "return at + timedelta(days=1)",
        _SESSIONS,
    ),
)
