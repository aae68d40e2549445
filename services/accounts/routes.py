"""HTTP: parse → call → status code."""

from typing import Annotated

from fastapi import Query, Response

from services.accounts import commands, queries
from services.accounts.bodies import Application, Login, Profile, Refresh, Rejection, RoleWritten
from services.accounts.domain import Organization, User
from services.accounts.signing import SigningKeys
from services.accounts.store import Store
from services.accounts.views import KeySet, KeyView, LoginView, MeView, OrganizationView, UserView
from services.accounts.wechat_login import openid_of
from shared.aggregates.aggregates import Stored
from shared.events.accounts import OrganizationStatus, Role, RoleGrant
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.wechat.client import WeChat


def session_routes(store: Store, keys: SigningKeys, wechat: WeChat) -> Router:
    """Logging in and staying so."""
    router = Router()

    @router.action("accounts.log-in", response_model=LoginView)
    async def log_in(_: CallerOf, login: Login) -> LoginView:
        """Logs in with a code from wx.login; a person who is new gets an account."""
        user = await commands.log_in(store, await openid_of(wechat, login.code))
        return await queries.session(store, keys, user, await store.sessions.begin(user.state.id, now()))

    @router.action("accounts.refresh", response_model=LoginView)
    async def refresh(_: CallerOf, held: Refresh) -> LoginView:
        """Exchanges a refresh token for a new pair of tokens."""
        continued = await store.sessions.rotate(held.refresh_token, now())
        user = await store.users.get(continued.user_id)
        return await queries.session(store, keys, user, continued.refresh_token)

    @router.action("accounts.show-keys", response_model=KeySet)
    async def show_keys(_: CallerOf) -> KeySet:
        """Shows the public keys that access tokens are verified with."""
        return KeySet(keys=[KeyView.model_validate(key) for key in keys.published])

    return router


def people_routes(store: Store) -> Router:
    """Oneself, and what operators do with the roles of others."""
    router = Router()

    async def answer(response: Response, stored: Stored[User]) -> UserView:
        with_version(response, stored)
        return await queries.user_view(store, stored.state)

    @router.action("accounts.show-me", response_model=MeView)
    async def show_me(caller: CallerOf, response: Response) -> MeView:
        """Shows the caller's own account, roles and organisation."""
        user = await store.users.get(caller.user_id or "")
        with_version(response, user)
        return await queries.me(store, user.state)

    @router.action("accounts.change-me", response_model=MeView)
    async def change_me(caller: CallerOf, attempt: AttemptOf, profile: Profile, response: Response) -> MeView:
        """Changes the caller's nickname or phone number; what is left out stays."""
        user = await commands.change_profile(store, caller, profile, attempt)
        with_version(response, user)
        return await queries.me(store, user.state)

    @router.action("accounts.grant-role", response_model=UserView)
    async def grant_role(
        caller: CallerOf, attempt: AttemptOf, user_id: str, role: RoleWritten, response: Response
    ) -> UserView:
        """Grants a role to a person."""
        wanted = RoleGrant(role=role.role, jurisdiction=role.jurisdiction)
        return await answer(response, await commands.grant_role(store, caller, user_id, wanted, attempt))

    @router.action("accounts.revoke-role", response_model=UserView)
    async def revoke_role(
        caller: CallerOf,
        attempt: AttemptOf,
        user_id: str,
        role: Role,
        response: Response,
        jurisdiction: Annotated[Jurisdiction | None, Query(description="the city of a city_operator")] = None,
    ) -> UserView:
        """Takes a role from a person; tokens that were issued with it stop working."""
        unwanted = RoleGrant(role=role, jurisdiction=jurisdiction)
        return await answer(response, await commands.revoke_role(store, caller, user_id, unwanted, attempt))

    return router


def organization_routes(store: Store) -> Router:
    """Organisations: asking to be verified, and the city's answer."""
    router = Router()

    def answer(response: Response, caller: CallerOf, stored: Stored[Organization]) -> OrganizationView:
        with_version(response, stored)
        return queries.organization_view(store, caller, stored)

    @router.action("accounts.register-organization", response_model=OrganizationView, status_code=201)
    async def register(
        caller: CallerOf, attempt: AttemptOf, application: Application, response: Response
    ) -> OrganizationView:
        """Asks the city to verify an organisation; the caller becomes its administrator once it is verified."""
        stored = await commands.register_organization(store, caller, application, attempt)
        response.headers["Location"] = f"/api/v1/accounts/organizations/{stored.state.id}"
        return answer(response, caller, stored)

    @router.action("accounts.list-organizations", response_model=Page[OrganizationView])
    async def list_organizations(
        caller: CallerOf,
        status: Annotated[OrganizationStatus | None, Query()] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[OrganizationView]:
        """Lists the organisations that the caller may decide on, newest first."""
        return await queries.organizations(store, caller, status, limit, cursor)

    @router.action("accounts.show-organization", response_model=OrganizationView)
    async def show_organization(caller: CallerOf, organization_id: str, response: Response) -> OrganizationView:
        """Shows an organisation to its people, its city and the alliance."""
        return answer(response, caller, await queries.organization(store, caller, organization_id))

    @router.action("accounts.approve-organization", response_model=OrganizationView)
    async def approve(
        caller: CallerOf, attempt: AttemptOf, organization_id: str, _: Empty, response: Response
    ) -> OrganizationView:
        """Verifies an organisation."""
        return answer(response, caller, await commands.approve(store, caller, organization_id, attempt))

    @router.action("accounts.reject-organization", response_model=OrganizationView)
    async def reject(
        caller: CallerOf, attempt: AttemptOf, organization_id: str, rejection: Rejection, response: Response
    ) -> OrganizationView:
        """Refuses to verify an organisation, with a reason that its applicant reads."""
        stored = await commands.reject(store, caller, organization_id, rejection.reason, attempt)
        return answer(response, caller, stored)

    return router
