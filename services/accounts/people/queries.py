"""A person as they are shown to themselves and to operators."""

from typing import Any

from services.accounts.organizations.store import Organizations
from services.accounts.organizations.views import OrganizationRef
from services.accounts.people.domain import User
from services.accounts.people.views import MeView, UserView
from shared.events.accounts import RoleGrant


async def user_view(organizations: Organizations, user: User, acting_for: str | None) -> UserView:
    """A person, for operators and at login."""
    return UserView.model_validate(await _shown(organizations, user, acting_for))


async def me(organizations: Organizations, user: User, acting_for: str | None) -> MeView:
    """A person, for themselves."""
    own = {"nickname": user.nickname, "phone_masked": user.phone_masked, "created_at": user.created_at}
    return MeView.model_validate({**await _shown(organizations, user, acting_for), **own})


async def _shown(organizations: Organizations, user: User, acting_for: str | None) -> dict[str, Any]:
    membership = user.membership_in(acting_for) if acting_for else None
    administers = [RoleGrant(role=membership.role)] if membership else []
    verified = await organizations.these(each.organization_id for each in user.memberships)
    own = [OrganizationRef.of(each) for each in verified]
    newest = await organizations.newest_application(user.id)
    application = OrganizationRef.of(newest) if newest and newest.status != "verified" else None
    acting = next((each for each in own if membership and each.id == membership.organization_id), None)
    return {
        "id": user.id,
        "roles": [*user.roles, *administers],
        "organization": acting or (None if own else application),
        "organizations": own,
        "application": application,
    }
