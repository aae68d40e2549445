"""Who sees which organisation."""

from services.accounts.organizations.domain import Organization
from shared.access.checking import Facts


def facts_of(organization: Organization) -> Facts:
    """The facts that the access table looks at: an organisation is its applicant's, its members' and its city's."""
    return Facts(
        jurisdiction=organization.jurisdiction,
        organization_id=organization.id,
        owner_id=organization.applicant_id,
    )
