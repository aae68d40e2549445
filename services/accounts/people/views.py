"""The views of a person."""

from pydantic import BaseModel

from services.accounts.organizations.views import OrganizationRef
from shared.events.accounts import RoleGrant
from shared.events.payload import Instant


class UserView(BaseModel):
    """A person with their roles. `organization` is the acting one, or the application of somebody who has none yet."""

    id: str
    roles: list[RoleGrant]
    organization: OrganizationRef | None
    organizations: list[OrganizationRef]
    """Every verified organisation that the person may act for."""
    application: OrganizationRef | None
    """The newest application that is pending or was rejected."""


class PersonView(UserView):
    """A person as operators look for them."""

    version: int
    nickname: str | None
    phone_masked: str | None


class MeView(UserView):
    """A person as they see themselves."""

    nickname: str | None
    phone_masked: str | None
    created_at: Instant
