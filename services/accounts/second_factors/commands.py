"""The commands on second factors: enrol, confirm, and have it removed by somebody else; and whether a login needs one."""

from dataclasses import dataclass

from services.accounts import problems
from services.accounts.people.domain import User
from services.accounts.people.store import People
from services.accounts.second_factors.domain import own_city
from services.accounts.second_factors.store import SecondFactors
from services.accounts.sessions.families import Families
from shared.access.checking import Caller, Facts, check
from shared.aggregates.attempts import Attempt
from shared.mongo import Document
from shared.values.clock import now
from shared.values.problems import Refusal


@dataclass(frozen=True)
class Demand:
    """Of whom a second factor is demanded: whoever has confirmed one, and every operator where the installation says so."""

    of_operators: bool

    def applies(self, user: User, factor: Document | None) -> bool:
        return bool(factor and factor["confirmed"]) or (self.of_operators and user.operates)


async def confirm(factors: SecondFactors, caller: Caller, code: str, attempt: Attempt) -> None:
    """The person shows that their app knows the secret; from then on a browser is let in with a code only."""
    factor = await factors.of(caller.user_id or "")
    if factor is None:
        raise Refusal(problems.TOTP_NOT_ENROLLED)
    if factor["confirmed"]:
        if attempt.was_made(factor["attempts"]):
            return
        raise Refusal(problems.TOTP_ENROLLED)
    await factors.verify(factor, code, now(), attempt)


async def remove(factors: SecondFactors, people: People, families: Families, caller: Caller, user_id: str) -> None:
    """A second operator removes it, such as after the phone was lost; whoever sits in a browser of that person is out."""
    user = (await people.all.get(user_id)).state
    check("accounts.remove-totp", caller, Facts(jurisdiction=own_city(user)))
    if user_id == caller.user_id:
        raise Refusal(problems.OWN_SECOND_FACTOR)
    await factors.remove(user_id)
    await families.end_all(user_id)
