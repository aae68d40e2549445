"""HTTP for device logins: parse → call → status code."""

from starlette.responses import Response

from services.accounts.device_logins import commands, domain, queries
from services.accounts.device_logins.bodies import Collect, Enrolment
from services.accounts.device_logins.commands import Collecting
from services.accounts.device_logins.domain import State
from services.accounts.device_logins.views import AskedView, DeviceLoginView
from services.accounts.organizations.store import Organizations
from services.accounts.second_factors.queries import secret_view
from services.accounts.second_factors.views import SecretView
from services.accounts.sessions.cookies import RefreshCookie
from services.accounts.sessions.queries import session_view
from services.accounts.sessions.signing import SigningKeys
from services.accounts.sessions.views import BrowserSessionView, LoginView
from shared.http.admission import address_of
from shared.http.budgets import Budget
from shared.http.reading import Request
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, say_if_replayed
from shared.settings import Settings
from shared.values import problems
from shared.values.clock import now
from shared.values.problems import Refusal

_TRIES_A_MINUTE = 10
"""How many user codes one person may look up or settle: enough for a hand, and far too few to guess one."""


def device_login_routes(
    collecting: Collecting, organizations: Organizations, keys: SigningKeys, cookie: RefreshCookie, settings: Settings
) -> Router:
    """A browser asks, shows a code, and waits; a person looks at it on their phone and approves or denies."""
    router, logins = Router(), collecting.logins
    asking = Budget(settings.device_logins_per_minute / 60, settings.device_logins_per_minute)
    tries = Budget(_TRIES_A_MINUTE / 60, _TRIES_A_MINUTE)

    @router.action("accounts.ask-device-login", response_model=AskedView, status_code=201)
    async def ask(_: CallerOf, request: Request, __: Empty, response: Response) -> AskedView:
        """Asks for a login that a person approves on their phone; the browser shows `scan` as a QR code, and waits."""
        address = address_of(request)
        if not asking.spend(address):
            raise Refusal(problems.TOO_MANY_REQUESTS)
        asked = domain.asked(now(), address, request.header(b"user-agent"))
        view = queries.asked_view(await logins.ask(asked), settings.scan_url or f"{settings.public_url}/scan")
        response.headers["Location"] = f"/api/v1/accounts/device-logins/{view.user_code}"
        return view

    @router.action("accounts.show-device-login", response_model=DeviceLoginView)
    async def show(caller: CallerOf, user_code: str) -> DeviceLoginView:
        """Shows where and when a login was asked for, to whoever is about to approve it."""
        _count(tries, caller)
        return queries.login_view(user_code, await commands.look_up(logins, user_code))

    async def settled(caller: CallerOf, user_code: str, state: State, response: Response) -> DeviceLoginView:
        _count(tries, caller)
        login, replayed = await commands.settle(logins, caller, user_code, state)
        say_if_replayed(response, replayed)
        return queries.login_view(user_code, login)

    @router.action("accounts.approve-device-login", response_model=DeviceLoginView)
    async def approve(caller: CallerOf, _: AttemptOf, user_code: str, __: Empty, response: Response) -> DeviceLoginView:
        """Lets the browser in as the caller, who acts there for the same organisation as here."""
        return await settled(caller, user_code, State.APPROVED, response)

    @router.action("accounts.deny-device-login", response_model=DeviceLoginView)
    async def deny(caller: CallerOf, _: AttemptOf, user_code: str, __: Empty, response: Response) -> DeviceLoginView:
        """Keeps the browser out: it was not the caller who asked."""
        return await settled(caller, user_code, State.DENIED, response)

    @router.action("accounts.collect-device-login", response_model=LoginView | BrowserSessionView)
    async def collect(
        _: CallerOf, request: Request, wanted: Collect, response: Response
    ) -> LoginView | BrowserSessionView:
        """Gives the tokens once the login was approved; until then 400 `authorization_pending`, asked too often `slow_down`."""
        if wanted.cookie:
            cookie.check_own_page(request)
        session = await collecting.collect(wanted)
        if wanted.cookie:
            cookie.put(response, session.issued.refresh_token)
        return await session_view(organizations, keys, session, by_cookie=wanted.cookie)

    @router.action("accounts.enrol-device-login", response_model=SecretView, status_code=201)
    async def enrol(_: CallerOf, enrolment: Enrolment, response: Response) -> SecretView:
        """Gives an operator who needs a second factor and has none its secret; `totp` with its first code collects the tokens."""
        response.headers["Location"] = "/api/v1/accounts/totp"
        return secret_view(*await collecting.enrol(enrolment.device_code))

    return router


def _count(tries: Budget, caller: CallerOf) -> None:
    if not tries.spend(caller.id):
        raise Refusal(problems.TOO_MANY_REQUESTS)
