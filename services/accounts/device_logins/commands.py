"""The commands on device logins: a browser asks, a person approves on their phone, the browser collects its tokens."""

from services.accounts import problems
from services.accounts.device_logins.bodies import Collect
from services.accounts.device_logins.domain import Approver, State, typed
from services.accounts.device_logins.store import DeviceLogins
from services.accounts.people import domain as people_domain
from services.accounts.people.store import People
from services.accounts.sessions.commands import Session
from services.accounts.sessions.families import Families
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.http.recording import Recorder
from shared.mongo import Document
from shared.values.clock import now
from shared.values.problems import Refusal


async def look_up(logins: DeviceLogins, user_code: str) -> Document:
    """The login that somebody is about to approve."""
    found = await logins.under(typed(user_code), now())
    if found is None:
        raise Refusal(problems.DEVICE_LOGIN_NOT_FOUND)
    return found


async def settle(logins: DeviceLogins, caller: Caller, user_code: str, state: State) -> tuple[Document, bool]:
    """Approves or denies it, and whether this person had done so before. A browser that is logged in approves no other one:
    a script that got into its page would otherwise make itself a session that outlives the page."""
    if caller.by_browser:
        raise Refusal(problems.NOT_IN_A_BROWSER)
    by = Approver(caller.user_id or "", caller.organization_id)
    settled = await logins.settle(typed(user_code), state, by, now())
    login = await look_up(logins, user_code)
    if not settled and (login["state"] != state or logins.approver(login).user_id != by.user_id):
        raise Refusal(problems.DEVICE_LOGIN_SETTLED)
    return login, not settled


async def record(recorder: Recorder, session: Session) -> None:
    """Puts an operator's login into the audit trail. Not those of others: the instants would stand beside persons, who may
    have sealed claims."""
    user = session.user.state
    if user.operates:
        cities = {each.jurisdiction for each in user.roles if each.role is Role.CITY_OPERATOR}
        city = cities.pop() if len(cities) == 1 else None
        mark = f"login/{session.issued.token_id}"
        act = await recorder.begin(mark, user.id, "accounts.collect-device-login", "accounts/device-logins/token", city)
        await recorder.end(act, "done")


async def collect(logins: DeviceLogins, people: People, families: Families, wanted: Collect) -> Session:
    """Begins the session that was approved, once; refused while it is not, and for good once it was denied or expired."""
    at = now()
    login = await logins.of_device(wanted.device_code, at)
    if login is None:
        raise Refusal(problems.EXPIRED_TOKEN)
    if login["state"] == State.DENIED:
        raise Refusal(problems.ACCESS_DENIED)
    if login["state"] == State.PENDING:
        raise Refusal(problems.SLOW_DOWN if await logins.slow_down(login, at) else problems.AUTHORIZATION_PENDING)
    approver = logins.approver(login)
    user = await people.all.get(approver.user_id)
    acting = people_domain.acting(user.state, approver.organization_id)
    if not await logins.spend(login):
        raise Refusal(problems.EXPIRED_TOKEN)
    device = login["asked"]["browser"] if wanted.cookie else None
    return Session(user, acting, await families.begin(user.state.id, approver.organization_id, at, device))
