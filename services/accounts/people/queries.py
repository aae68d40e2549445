"""A person as they are shown to themselves and to operators."""

from typing import Any

from services.accounts.organizations.store import Organizations
from services.accounts.organizations.views import OrganizationRef
from services.accounts.people.domain import User
from services.accounts.people.store import People, Wanted
from services.accounts.people.views import MeView, PersonView, UserView
from shared.access.checking import Caller, cities_listed
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role, RoleGrant
from shared.http import paging
from shared.http.paging import Page
from shared.values.jurisdictions import Jurisdiction


async def user_view(organizations: Organizations, user: User, acting_for: str | None) -> UserView:
    """A person, for operators and at login."""
    return UserView.model_validate(await _shown(organizations, user, acting_for))


async def people_listed(
    people: People,
    organizations: Organizations,
    caller: Caller,
    *,
    role: Role | None,
    jurisdiction: Jurisdiction | None,
    words: str | None,
    limit: int,
    cursor: str | None,
) -> Page[PersonView]:
    """Everybody for the alliance; for a city those who hold a role for it."""
    cities = cities_listed("accounts.list-users", caller)
    if jurisdiction is not None:
        cities = frozenset({jurisdiction}) if cities is None else cities & {jurisdiction}
    after = paging.decode_id(cursor) or ""
    found = await people.listed(Wanted(cities, role, words), after, limit + 1)
    views = [await _person_view(organizations, each) for each in found[:limit]]
    return Page(items=views, next_cursor=paging.encode(found[limit - 1].state.id) if len(found) > limit else None)


async def _person_view(organizations: Organizations, stored: Stored[User]) -> PersonView:
    """Without the application, which is its own city's alone."""
    user = stored.state
    own = {"version": stored.revision, "nickname": user.nickname, "phone_masked": user.phone_masked}
    shown = {**await _shown(organizations, user, None), "organization": None, "application": None}
    return PersonView.model_validate({**shown, **own})


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
