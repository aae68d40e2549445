"""What the world sees of people and organisations."""

from typing import Literal

from pydantic import BaseModel

from services.accounts.domain import Organization, User
from shared.events.accounts import OrganizationKind, OrganizationStatus, RoleGrant
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction


class OrganizationRef(BaseModel):
    """A person's organisation; while it is pending or was refused, the application."""

    id: str
    name: str
    status: OrganizationStatus
    jurisdiction: Jurisdiction
    reason: str | None

    @classmethod
    def of(cls, organization: Organization | None) -> "OrganizationRef | None":
        if organization is None:
            return None
        return cls.model_validate(organization.model_dump(include=set(cls.model_fields)))


class UserView(BaseModel):
    """A person with his roles."""

    id: str
    roles: list[RoleGrant]
    organization: OrganizationRef | None

    @classmethod
    def of(cls, user: User, organization: Organization | None) -> "UserView":
        return cls(id=user.id, roles=list(user.roles), organization=OrganizationRef.of(organization))


class MeView(UserView):
    """What a person sees of himself."""

    nickname: str | None
    phone_masked: str | None
    created_at: Instant

    @classmethod
    def of(cls, user: User, organization: Organization | None) -> "MeView":
        return cls(
            id=user.id,
            nickname=user.nickname,
            phone_masked=user.phone_masked,
            roles=list(user.roles),
            organization=OrganizationRef.of(organization),
            created_at=user.created_at,
        )


class LoginView(BaseModel):
    """A session: the access token goes with every request, the refresh token buys the next pair, once."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    user: UserView


class ContactView(BaseModel):
    """Whom to call; the number is whole for the organisation's own city and its applicant, masked for others."""

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
    created_at: Instant
    decided_at: Instant | None

    @classmethod
    def of(cls, organization: Organization, version: int, phone: str) -> "OrganizationView":
        contact = {"name": organization.contact.name, "phone": phone}
        return cls.model_validate({**organization.model_dump(), "version": version, "contact": contact})


class KeyView(BaseModel):
    """A public key that verifies access tokens (RFC 7517, RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str
    use: Literal["sig"]
    alg: Literal["EdDSA"]


class KeySet(BaseModel):
    """Every key whose tokens are still good."""

    keys: list[KeyView]
