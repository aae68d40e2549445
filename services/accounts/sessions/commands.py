"""The commands on sessions: logging in, going on, acting for another organisation, logging out."""

from dataclasses import dataclass

from services.accounts import problems
from services.accounts.people import commands as people_commands
from services.accounts.people import domain
from services.accounts.people.domain import User
from services.accounts.people.store import People
from services.accounts.sessions.bodies import ActAs, Refresh
from services.accounts.sessions.cookies import Presented
from services.accounts.sessions.families import Families, Held, Issued
from shared.access.checking import Caller
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Membership
from shared.values.clock import now
from shared.values.problems import Refusal


@dataclass(frozen=True)
class Session:
    """A person, the membership under which they act, and the tokens to issue."""

    user: Stored[User]
    acting: Membership | None
    issued: Issued

    @property
    def acting_for(self) -> str | None:
        """The organisation that the access token names."""
        return self.acting.organization_id if self.acting else None


async def log_in(people: People, families: Families, openid: str) -> Session:
    """Begins a session of the person behind an openid; they act for the organisation that they joined first."""
    user = await people_commands.log_in(people, openid)
    acting = user.state.memberships[0] if user.state.memberships else None
    began_for = acting.organization_id if acting else None
    return Session(user, acting, await families.begin(user.state.id, began_for, now()))


async def go_on(people: People, families: Families, presented: Presented, asked: Refresh | ActAs) -> Session:
    """Exchanges a refresh token. An organisation that the person may not act for leaves the token unspent.

    A browser's token counts in its cookie alone, and no other token does there.
    """
    at = now()
    held = await families.held(presented.token, at)
    if held.by_browser is not presented.by_cookie:
        raise Refusal(problems.REFRESH_INVALID)
    user = await people.all.get(held.user_id)
    acting = _acting(user.state, held, asked)
    return Session(user, acting, await families.exchange(held, at))


async def log_out_everywhere(people: People, families: Families, caller: Caller, attempt: Attempt) -> int:
    """Ends every session of the caller; access tokens that were issued before end within seconds."""
    user_id = caller.user_id or ""
    await people.all.change(user_id, domain.end_sessions, attempt=attempt)
    return await families.end_all(user_id)


def _acting(user: User, held: Held, asked: Refresh | ActAs) -> Membership | None:
    if "organization_id" in asked.model_fields_set:
        return domain.acting(user, asked.organization_id)
    if held.began_for is not None:
        return domain.acting(user, held.began_for)
    return user.memberships[0] if user.memberships else None
