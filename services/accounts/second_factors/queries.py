"""A second factor as it is shown."""

from services.accounts.people.domain import User
from services.accounts.people.store import People
from services.accounts.second_factors.commands import Demand
from services.accounts.second_factors.domain import account_of, uri_of, written
from services.accounts.second_factors.store import SecondFactors
from services.accounts.second_factors.views import FactorView, SecretView


async def factor_view(factors: SecondFactors, people: People, demand: Demand, user_id: str) -> FactorView:
    """One's own."""
    factor = await factors.of(user_id)
    state = "none" if factor is None else "confirmed" if factor["confirmed"] else "pending"
    return FactorView.model_validate(
        {"state": state, "required": demand.applies((await people.all.get(user_id)).state, factor)}
    )


def secret_view(user: User, secret: bytes) -> SecretView:
    """The secret, for the one answer that shows it."""
    return SecretView(secret=written(secret), uri=uri_of(secret, account_of(user)))
