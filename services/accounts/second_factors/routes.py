"""HTTP for second factors: parse → call → status code."""

from starlette.responses import Response

from services.accounts.people.store import People
from services.accounts.second_factors import commands, queries
from services.accounts.second_factors.bodies import Confirmation
from services.accounts.second_factors.commands import Demand
from services.accounts.second_factors.store import SecondFactors
from services.accounts.second_factors.views import FactorView, SecretView
from services.accounts.sessions.families import Families
from shared.http.budgets import Budget
from shared.http.routes import AttemptOf, CallerOf, Empty, Router
from shared.values import problems
from shared.values.problems import Refusal

_TRIES_A_MINUTE = 5


def second_factor_routes(factors: SecondFactors, people: People, families: Families, demand: Demand) -> Router:
    """One's own second factor, and its removal by somebody else."""
    router = Router()
    tries = Budget(_TRIES_A_MINUTE / 60, _TRIES_A_MINUTE)

    @router.action("accounts.show-totp", response_model=FactorView)
    async def show(caller: CallerOf) -> FactorView:
        """Shows whether the caller has a second factor, and whether a browser is let in without one."""
        return await queries.factor_view(factors, people, demand, caller.user_id or "")

    @router.action("accounts.enrol-totp", response_model=SecretView, status_code=201)
    async def enrol(caller: CallerOf, attempt: AttemptOf, _: Empty, response: Response) -> SecretView:
        """Begins a second factor: a secret for an authenticator app, which this answer alone shows."""
        user = (await people.all.get(caller.user_id or "")).state
        response.headers["Location"] = "/api/v1/accounts/totp"
        return queries.secret_view(user, await factors.enrol(user.id, attempt))

    @router.action("accounts.confirm-totp", response_model=FactorView)
    async def confirm(caller: CallerOf, attempt: AttemptOf, confirmation: Confirmation) -> FactorView:
        """Confirms it with the code that the app shows; from then on a browser is let in with a code only."""
        if not tries.spend(caller.id):
            raise Refusal(problems.TOO_MANY_REQUESTS)
        await commands.confirm(factors, caller, confirmation.totp, attempt)
        return await queries.factor_view(factors, people, demand, caller.user_id or "")

    @router.action("accounts.remove-totp", response_model=FactorView)
    async def remove(_: AttemptOf, caller: CallerOf, user_id: str) -> FactorView:
        """Removes the second factor of somebody else and ends their sessions: for operators of the same city and the alliance."""
        await commands.remove(factors, people, families, caller, user_id)
        return await queries.factor_view(factors, people, demand, user_id)

    return router
