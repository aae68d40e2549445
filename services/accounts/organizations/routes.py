"""HTTP for organisations: parse → call → status code."""

from typing import Annotated

from fastapi import Query, Response

from services.accounts.organizations import commands, queries
from services.accounts.organizations.bodies import Application, Rejection
from services.accounts.organizations.commands import Join
from services.accounts.organizations.domain import Organization
from services.accounts.organizations.queries import Named
from services.accounts.organizations.store import Organizations
from services.accounts.organizations.views import OrganizationView
from shared.aggregates.aggregates import Stored
from shared.events.accounts import OrganizationStatus
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version


def organization_routes(organizations: Organizations, join: Join, named: Named) -> Router:
    """The application of an organisation, and the answer of its city."""
    router = Router()

    async def answer(response: Response, caller: CallerOf, stored: Stored[Organization]) -> OrganizationView:
        with_version(response, stored)
        view = queries.organization_view(organizations, caller, stored)
        return (await queries.with_names(caller, [view], named))[0]

    @router.action("accounts.register-organization", response_model=OrganizationView, status_code=201)
    async def register(
        caller: CallerOf, attempt: AttemptOf, application: Application, response: Response
    ) -> OrganizationView:
        """Asks the city to verify an organisation; the caller becomes its administrator once it is verified."""
        stored = await commands.register(organizations, caller, application, attempt)
        response.headers["Location"] = f"/api/v1/accounts/organizations/{stored.state.id}"
        return await answer(response, caller, stored)

    @router.action("accounts.list-organizations", response_model=Page[OrganizationView])
    async def list_organizations(
        caller: CallerOf,
        status: Annotated[OrganizationStatus | None, Query()] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[OrganizationView]:
        """Lists the organisations that the caller may decide on, in the order in which they registered."""
        page = await queries.organizations_listed(organizations, caller, status, limit, cursor)
        return Page(items=await queries.with_names(caller, page.items, named), next_cursor=page.next_cursor)

    @router.action("accounts.show-organization", response_model=OrganizationView)
    async def show_organization(caller: CallerOf, organization_id: str, response: Response) -> OrganizationView:
        """Shows an organisation to its people, its city and the alliance."""
        return await answer(response, caller, await queries.organization(organizations, caller, organization_id))

    @router.action("accounts.approve-organization", response_model=OrganizationView)
    async def approve(
        caller: CallerOf, attempt: AttemptOf, organization_id: str, _: Empty, response: Response
    ) -> OrganizationView:
        """Verifies an organisation."""
        stored = await commands.approve(organizations, join, caller, organization_id, attempt)
        return await answer(response, caller, stored)

    @router.action("accounts.reject-organization", response_model=OrganizationView)
    async def reject(
        caller: CallerOf, attempt: AttemptOf, organization_id: str, rejection: Rejection, response: Response
    ) -> OrganizationView:
        """Refuses to verify an organisation, with a reason that its applicant reads."""
        stored = await commands.reject(organizations, caller, organization_id, rejection.reason, attempt)
        return await answer(response, caller, stored)

    return router
