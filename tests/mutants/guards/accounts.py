"""The guards of services/accounts."""

from tests.mutants.mutant import Mutant

GUARDS = (
    Mutant(
        "nobody verifies his own organisation",
        "services/accounts/domain.py",
        "if organization.applicant_id == by:",
        "if False:",
        "services/accounts/tests/test_domain.py",
    ),
    Mutant(
        "an organisation is shown to whom it concerns",
        "services/accounts/queries.py",
        'check("accounts.show-organization", caller, facts_of(found.state))',
        "pass",
        "tests/services/accounts/test_organizations.py",
    ),
)
