"""What is answered: people and organisations, each as far as the caller may see."""

from typing import get_args

from services.accounts.domain import Organization, User
from services.accounts.signing import SigningKeys
from services.accounts.store import Store, phone_context
from services.accounts.views import LoginView, MeView, OrganizationView, UserView
from services.accounts.visibility import facts_of
from shared.access.checking import Caller, check, cities_listed
from shared.access.tokens import ACCESS_TOKEN_SECONDS, claims_of
from shared.aggregates.aggregates import Stored
from shared.events.accounts import OrganizationStatus, Role
from shared.http import paging
from shared.http.paging import Page
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction


async def session(store: Store, keys: SigningKeys, user: Stored[User], refresh_token: str) -> LoginView:
    """A person's session, with an access token that says what he may do now."""
    claims = claims_of(user.state.published(), user.version, now(), new_id())
    return LoginView(
        access_token=keys.sign(claims),
        refresh_token=refresh_token,
        expires_in=ACCESS_TOKEN_SECONDS,
        user=await user_view(store, user.state),
    )


async def user_view(store: Store, user: User) -> UserView:
    """A person, for operators and at login."""
    return UserView.of(user, await store.organization_of(user))


async def me(store: Store, user: User) -> MeView:
    """A person, for himself."""
    return MeView.of(user, await store.organization_of(user))


def organization_view(store: Store, caller: Caller, stored: Stored[Organization]) -> OrganizationView:
    """An organisation; its telephone number is whole for its own city's staff and its applicant."""
    organization = stored.state
    near = organization.jurisdiction in caller.cities(Role.CITY_OPERATOR) or organization.applicant_id == caller.user_id
    contact = organization.contact
    context = phone_context(organization.credit_code)
    phone = store.personal.open(contact.phone_sealed, context) if near else contact.phone_masked
    return OrganizationView.of(organization, stored.revision, phone)


async def organization(store: Store, caller: Caller, organization_id: str) -> Stored[Organization]:
    """The organisation, when the caller may see it; otherwise as if it did not exist."""
    found = await store.organizations.get(organization_id)
    check("accounts.show-organization", caller, facts_of(found.state))
    return found


async def organizations(
    store: Store, caller: Caller, status: OrganizationStatus | None, limit: int, cursor: str | None
) -> Page[OrganizationView]:
    """Those of the caller's own cities, or of all for the alliance; in the order in which they registered."""
    cities = cities_listed("accounts.list-organizations", caller)
    statuses = (status,) if status else get_args(OrganizationStatus)
    after = paging.decode_id(cursor) or ""
    found = await store.organizations_in(Jurisdiction if cities is None else cities, statuses, after, limit + 1)
    views = [organization_view(store, caller, each) for each in found[:limit]]
    following = paging.encode(found[limit - 1].state.id) if len(found) > limit else None
    return Page(items=views, next_cursor=following)
