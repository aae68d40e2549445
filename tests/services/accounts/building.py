"""Accounts on a real database, without HTTP and without WeChat."""

from services.accounts.organizations.bodies import Application, ContactWritten
from services.accounts.people import commands
from services.accounts.stores import Stores
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role
from shared.values.credit_codes import check_character
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction

OPERATOR = Caller(user_id="operator", grants=frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
NEIGHBOUR = Caller(user_id="neighbour", grants=frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANJING)}))
ALLIANCE = Caller(user_id="alliance", grants=frozenset({(Role.ALLIANCE_OPERATOR, None)}))


def code(number: int) -> str:
    """A valid credit code for each number."""
    first = f"91320500EXAMPL{number:03}"
    return first + check_character(first)


def application(**different: object) -> Application:
    """A company in Suzhou."""
    given: dict[str, object] = {
        "name": "苏州示例科技有限公司",
        "credit_code": code(0),
        "jurisdiction": Jurisdiction.SUZHOU,
        "kind": "enterprise",
        "contact": ContactWritten(name="示例联系人", phone="051212345678"),
    }
    return Application.model_validate({**given, **different})


def attempt(caller: Caller, key: str | None = None) -> Attempt:
    """A fresh attempt, or one under a key."""
    return Attempt(caller.id, key or new_id(), "digest")


async def person(stores: Stores, name: str) -> Caller:
    """Somebody who logged in."""
    user = (await commands.log_in(stores.people, name)).state
    return Caller(user_id=user.id)
