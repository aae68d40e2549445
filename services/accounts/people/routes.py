"""HTTP for people: parse → call → status code."""

from typing import Annotated

from fastapi import Query, Response

from services.accounts.organizations.store import Organizations
from services.accounts.people import commands, queries
from services.accounts.people.bodies import Profile, RoleWritten
from services.accounts.people.domain import User
from services.accounts.people.store import People
from services.accounts.people.views import MeView, PersonView, UserView
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role, RoleGrant
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Router, with_version
from shared.values.jurisdictions import Jurisdiction


def people_routes(people: People, organizations: Organizations) -> Router:
    """One's own profile, and what operators do with the roles of others."""
    router = Router()

    async def answer(response: Response, stored: Stored[User], acting_for: str | None) -> UserView:
        with_version(response, stored)
        return await queries.user_view(organizations, stored.state, acting_for)

    @router.action("accounts.show-me", response_model=MeView)
    async def show_me(caller: CallerOf, response: Response) -> MeView:
        """Shows the caller's own account, roles and organisations."""
        user = await people.all.get(caller.user_id or "")
        with_version(response, user)
        return await queries.me(organizations, user.state, caller.organization_id)

    @router.action("accounts.change-me", response_model=MeView)
    async def change_me(caller: CallerOf, attempt: AttemptOf, profile: Profile, response: Response) -> MeView:
        """Changes the caller's nickname or phone number; what is left out stays."""
        user = await commands.change_profile(people, caller, profile, attempt)
        with_version(response, user)
        return await queries.me(organizations, user.state, caller.organization_id)

    @router.action("accounts.list-users", response_model=Page[PersonView])
    async def list_users(
        caller: CallerOf,
        role: Annotated[Role | None, Query()] = None,
        q: Annotated[str | None, Query(max_length=100, description="an id, or a part of the nickname")] = None,
        jurisdiction: Annotated[Jurisdiction | None, Query(description="who holds a role for this city")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[PersonView]:
        """Lists people with their roles: everybody for the alliance, those who hold a role for it for a city."""
        return await queries.people_listed(
            people, organizations, caller, role=role, jurisdiction=jurisdiction, words=q, limit=limit, cursor=cursor
        )

    @router.action("accounts.grant-role", response_model=UserView)
    async def grant_role(
        caller: CallerOf, attempt: AttemptOf, user_id: str, role: RoleWritten, response: Response
    ) -> UserView:
        """Grants a role to a person, or makes them an administrator of a verified organisation."""
        if role.role is Role.ORG_ADMIN:
            organization_id = role.organization()
            stored = await commands.appoint(people, organizations, caller, user_id, organization_id, attempt)
            return await answer(response, stored, organization_id)
        return await answer(response, await commands.grant_role(people, caller, user_id, role.grant(), attempt), None)

    @router.action("accounts.revoke-role", response_model=UserView)
    async def revoke_role(
        caller: CallerOf,
        attempt: AttemptOf,
        user_id: str,
        role: Role,
        response: Response,
        jurisdiction: Annotated[Jurisdiction | None, Query(description="the city of a city_operator")] = None,
        organization_id: Annotated[str | None, Query(description="the organisation of an org_admin")] = None,
    ) -> UserView:
        """Revokes a role, or ends the membership in an organisation; tokens that were issued with it stop working."""
        if role is Role.ORG_ADMIN:
            stored = await commands.dismiss(people, caller, user_id, organization_id, attempt)
            return await answer(response, stored, None)
        unwanted = RoleGrant(role=role, jurisdiction=jurisdiction)
        return await answer(response, await commands.revoke_role(people, caller, user_id, unwanted, attempt), None)

    return router
