"""HTTP for sessions: parse → call → status code."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from services.accounts.organizations.store import Organizations
from services.accounts.people.store import People
from services.accounts.sessions import commands, queries
from services.accounts.sessions.bodies import ActAs, Login, Logout, Refresh
from services.accounts.sessions.cookies import RefreshCookie
from services.accounts.sessions.families import Families
from services.accounts.sessions.signing import SigningKeys
from services.accounts.sessions.views import (
    BrowserSessionView,
    EndedView,
    KeySet,
    KeyView,
    LoginView,
    SessionView,
)
from services.accounts.sessions.wechat_login import openid_of
from shared.http.budgets import Budget
from shared.http.paging import Cursor, Limit, Page, page_of
from shared.http.routes import AttemptOf, CallerOf, Empty, Router
from shared.values import problems
from shared.values.problems import Refusal
from shared.wechat.client import WeChat


def session_routes(
    people: People,
    organizations: Organizations,
    families: Families,
    keys: SigningKeys,
    wechat: WeChat,
    cookie: RefreshCookie,
    logins_per_code: int = 30,
) -> Router:
    """Logging in, staying so, acting for an organisation, and logging out.

    WeChat is asked about one code only so many times a minute: it is good once.
    """
    router = Router()
    published = KeySet(keys=[KeyView.model_validate(key) for key in keys.published])
    codes = Budget(logins_per_code / 60, logins_per_code)

    async def gone_on(request: Request, asked: Refresh | ActAs, response: Response) -> LoginView | BrowserSessionView:
        presented = cookie.presented(request, asked.refresh_token)
        session = await commands.go_on(people, families, presented, asked)
        if presented.by_cookie:
            cookie.put(response, session.issued.refresh_token)
        return await queries.session_view(organizations, keys, session, by_cookie=presented.by_cookie)

    @router.action("accounts.log-in", response_model=LoginView)
    async def log_in(_: CallerOf, login: Login) -> LoginView:
        """Logs in with a code from wx.login; a person who is new gets an account."""
        if not codes.spend(hashlib.sha256(login.code.encode()).hexdigest()):
            raise Refusal(problems.TOO_MANY_REQUESTS)
        session = await commands.log_in(people, families, await openid_of(wechat, login.code))
        return await queries.login_view(organizations, keys, session)

    @router.action("accounts.refresh", response_model=LoginView | BrowserSessionView)
    async def refresh(
        _: CallerOf, request: Request, asked: Refresh, response: Response
    ) -> LoginView | BrowserSessionView:
        """Exchanges a refresh token for a new pair of tokens; again within ten seconds it answers the same pair."""
        return await gone_on(request, asked, response)

    @router.action("accounts.act-as", response_model=LoginView | BrowserSessionView)
    async def act_as(_: CallerOf, request: Request, asked: ActAs, response: Response) -> LoginView | BrowserSessionView:
        """Exchanges a refresh token for a pair that acts for another organisation, or for the person alone."""
        return await gone_on(request, asked, response)

    @router.action("accounts.log-out", response_model=EndedView)
    async def log_out(_: CallerOf, request: Request, held: Logout, response: Response) -> EndedView:
        """Ends the session of a refresh token."""
        presented = cookie.presented(request, held.refresh_token)
        if presented.by_cookie:
            cookie.remove(response)
        return EndedView(sessions_ended=await families.end(presented.token))

    @router.action("accounts.list-sessions", response_model=Page[SessionView])
    async def list_sessions(
        caller: CallerOf, request: Request, limit: Limit = 20, cursor: Cursor = None
    ) -> Page[SessionView]:
        """Lists the caller's own sessions, the one used last first."""
        token = cookie.token_in(request)
        current = families.family_of(token) if token else None
        return page_of(await queries.sessions_listed(families, caller.user_id or "", current), limit, cursor)

    @router.action("accounts.log-out-everywhere", response_model=EndedView)
    async def log_out_everywhere(
        caller: CallerOf, attempt: AttemptOf, _: Empty, request: Request, response: Response
    ) -> EndedView:
        """Ends every session of the caller; access tokens that were issued before stop working."""
        if cookie.token_in(request):
            cookie.remove(response)
        return EndedView(sessions_ended=await commands.log_out_everywhere(people, families, caller, attempt))

    @router.action("accounts.show-keys", response_model=KeySet)
    async def show_keys(_: CallerOf) -> KeySet:
        """Shows the public keys that access tokens are verified with."""
        return published

    return router
