"""HTTP for sessions: parse → call → status code."""

import hashlib

from services.accounts.organizations.store import Organizations
from services.accounts.people.store import People
from services.accounts.sessions import commands, queries
from services.accounts.sessions.bodies import ActAs, Login, Logout, Refresh
from services.accounts.sessions.commands import Session
from services.accounts.sessions.families import Families
from services.accounts.sessions.signing import SigningKeys
from services.accounts.sessions.views import EndedView, KeySet, KeyView, LoginView
from services.accounts.sessions.wechat_login import openid_of
from shared.http.budgets import Budget
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
    logins_per_code: int = 30,
) -> Router:
    """Logging in, staying so, acting for an organisation, and logging out.

    WeChat is asked about one code only so many times a minute: it is good once.
    """
    router = Router()
    published = KeySet(keys=[KeyView.model_validate(key) for key in keys.published])
    codes = Budget(logins_per_code / 60, logins_per_code)

    async def answer(session: Session) -> LoginView:
        return await queries.login_view(organizations, keys, session)

    @router.action("accounts.log-in", response_model=LoginView)
    async def log_in(_: CallerOf, login: Login) -> LoginView:
        """Logs in with a code from wx.login; a person who is new gets an account."""
        if not codes.spend(hashlib.sha256(login.code.encode()).hexdigest()):
            raise Refusal(problems.TOO_MANY_REQUESTS)
        return await answer(await commands.log_in(people, families, await openid_of(wechat, login.code)))

    @router.action("accounts.refresh", response_model=LoginView)
    async def refresh(_: CallerOf, asked: Refresh) -> LoginView:
        """Exchanges a refresh token for a new pair of tokens; again within ten seconds it answers the same pair."""
        return await answer(await commands.go_on(people, families, asked))

    @router.action("accounts.act-as", response_model=LoginView)
    async def act_as(_: CallerOf, asked: ActAs) -> LoginView:
        """Exchanges a refresh token for a pair that acts for another organisation, or for the person alone."""
        return await answer(await commands.go_on(people, families, asked))

    @router.action("accounts.log-out", response_model=EndedView)
    async def log_out(_: CallerOf, held: Logout) -> EndedView:
        """Ends the session of a refresh token."""
        return EndedView(sessions_ended=await families.end(held.refresh_token))

    @router.action("accounts.log-out-everywhere", response_model=EndedView)
    async def log_out_everywhere(caller: CallerOf, attempt: AttemptOf, _: Empty) -> EndedView:
        """Ends every session of the caller; access tokens that were issued before stop working."""
        return EndedView(sessions_ended=await commands.log_out_everywhere(people, families, caller, attempt))

    @router.action("accounts.show-keys", response_model=KeySet)
    async def show_keys(_: CallerOf) -> KeySet:
        """Shows the public keys that access tokens are verified with."""
        return published

    return router
