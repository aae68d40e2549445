"""The organisations that a caller may see, each as far as they may see it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import get_args

from services.accounts.organizations.domain import Organization
from services.accounts.organizations.store import Organizations, phone_context
from services.accounts.organizations.views import OrganizationView
from services.accounts.organizations.visibility import facts_of
from shared.access.checking import Caller, check, cities_listed
from shared.aggregates.aggregates import Stored
from shared.events.accounts import OrganizationStatus, Role
from shared.http import paging
from shared.http.paging import Page
from shared.values.jurisdictions import Jurisdiction

Named = Callable[[Iterable[str]], Awaitable[Mapping[str, str]]]
"""The nicknames of people by their ids, of those who have one; the room `people` hands it in."""


def organization_view(organizations: Organizations, caller: Caller, stored: Stored[Organization]) -> OrganizationView:
    """An organisation; its telephone number is whole for its own city's staff and its applicant."""
    organization = stored.state
    near = organization.jurisdiction in caller.cities(Role.CITY_OPERATOR) or organization.applicant_id == caller.user_id
    contact = organization.contact
    context = phone_context(organization.credit_code)
    phone = organizations.personal.open(contact.phone_sealed, context) if near else contact.phone_masked
    return OrganizationView.of(organization, stored.revision, phone)


async def with_names(caller: Caller, views: Sequence[OrganizationView], named: Named) -> list[OrganizationView]:
    """The same with the names of their applicants, where operators look at them."""
    if not (caller.holds(Role.CITY_OPERATOR) or caller.holds(Role.ALLIANCE_OPERATOR)):
        return list(views)
    names = await named({each.applicant_id for each in views})
    return [each.model_copy(update={"applicant_name": names.get(each.applicant_id)}) for each in views]


async def organization(organizations: Organizations, caller: Caller, organization_id: str) -> Stored[Organization]:
    """The organisation, when the caller may see it; otherwise as if it did not exist."""
    found = await organizations.all.get(organization_id)
    check("accounts.show-organization", caller, facts_of(found.state))
    return found


async def organizations_listed(
    organizations: Organizations, caller: Caller, status: OrganizationStatus | None, limit: int, cursor: str | None
) -> Page[OrganizationView]:
    """Those of the caller's own cities, or of all for the alliance; in the order in which they registered."""
    cities = cities_listed("accounts.list-organizations", caller)
    statuses = (status,) if status else get_args(OrganizationStatus)
    after = paging.decode_id(cursor) or ""
    found = await organizations.in_cities(Jurisdiction if cities is None else cities, statuses, after, limit + 1)
    views = [organization_view(organizations, caller, each) for each in found[:limit]]
    following = paging.encode(found[limit - 1].state.id) if len(found) > limit else None
    return Page(items=views, next_cursor=following)


async def organizations_to_verify(organizations: Organizations, caller: Caller, limit: int) -> int | None:
    """How many wait for the caller's city; None for who has none: a city verifies its own."""
    cities = caller.cities(Role.CITY_OPERATOR)
    return await organizations.pending_in((each for each in cities if each), limit) if cities else None
