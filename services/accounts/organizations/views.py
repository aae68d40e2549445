"""The views of an organisation."""

from pydantic import BaseModel

from services.accounts.organizations.domain import Organization
from shared.events.accounts import OrganizationKind, OrganizationStatus
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction


class OrganizationRef(BaseModel):
    """An organisation beside a person; while it is pending or was rejected, the application."""

    id: str
    name: str
    status: OrganizationStatus
    jurisdiction: Jurisdiction
    reason: str | None

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationRef":
        return cls.model_validate(organization.model_dump(include=set(cls.model_fields)))


class ContactView(BaseModel):
    """The person to call; the number is whole for the organisation's own city and its applicant, masked for others."""

    name: str
    phone: str


class OrganizationView(BaseModel):
    """An organisation as its applicant, its members and the operators see it."""

    id: str
    version: int
    name: str
    credit_code: str
    jurisdiction: Jurisdiction
    kind: OrganizationKind
    status: OrganizationStatus
    reason: str | None
    contact: ContactView
    applicant_id: str
    applicant_name: str | None = None
    """The nickname of the applicant, for those who decide about the application."""
    created_at: Instant
    decided_at: Instant | None

    @classmethod
    def of(cls, organization: Organization, version: int, phone: str) -> "OrganizationView":
        contact = {"name": organization.contact.name, "phone": phone}
        return cls.model_validate({**organization.model_dump(), "version": version, "contact": contact})
