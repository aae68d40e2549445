"""The commands on device logins: a browser asks, a person approves on their phone, the browser collects its tokens."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from services.accounts import problems
from services.accounts.device_logins.bodies import Collect
from services.accounts.device_logins.domain import Approver, State, typed
from services.accounts.device_logins.store import DeviceLogins
from services.accounts.people import domain as people_domain
from services.accounts.people.domain import User
from services.accounts.people.store import People
from services.accounts.second_factors.commands import Demand
from services.accounts.second_factors.store import SecondFactors
from services.accounts.sessions.commands import Session
from services.accounts.sessions.families import Families
from shared.access.checking import Caller, rule
from shared.events.accounts import Role
from shared.http.recording import Recorder
from shared.mongo import Document
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

_API = "/api/v1/"


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


@dataclass(frozen=True)
class Collecting:
    """What tokens are given from, and to whom of those who were approved only with a second factor."""

    logins: DeviceLogins
    people: People
    families: Families
    factors: SecondFactors
    demand: Demand
    recorder: Recorder

    async def collect(self, wanted: Collect) -> Session:
        """Begins the session that was approved, once; refused while it is not, and for good once it was denied or expired."""
        at = now()
        login = await _approved(self.logins, wanted.device_code, at)
        approver = self.logins.approver(login)
        user = await self.people.all.get(approver.user_id)
        acting = people_domain.acting(user.state, approver.organization_id)
        factor = await self.factors.of(user.state.id)
        if self.demand.applies(user.state, factor):
            await self._check_second_factor(login, user.state, factor, wanted.totp, at)
        if not await self.logins.spend(login):
            raise Refusal(problems.EXPIRED_TOKEN)
        device = login["asked"]["browser"] if wanted.cookie else None
        session = Session(user, acting, await self.families.begin(user.state.id, approver.organization_id, at, device))
        await self._record(user.state, f"login/{session.issued.token_id}", "accounts.collect-device-login")
        return session

    async def enrol(self, device_code: str) -> tuple[User, bytes]:
        """An operator whose login was approved, and who has no second factor yet, gets one; its first code lets them in."""
        login = await _approved(self.logins, device_code, now())
        user = (await self.people.all.get(self.logins.approver(login).user_id)).state
        if not self.demand.applies(user, None):
            raise Refusal(problems.TOTP_ENROLMENT_NOT_ASKED)
        secret = await self.factors.enrol(user.id)
        await self._record(user, f"enrol/{secrets.token_hex(8)}", "accounts.enrol-device-login")
        return user, secret

    async def _check_second_factor(
        self, login: Document, user: User, factor: Document | None, code: str | None, at: datetime
    ) -> None:
        if factor is None or (code is None and not factor["confirmed"]):
            raise Refusal(problems.TOTP_ENROLMENT_REQUIRED)
        if code is None:
            raise Refusal(problems.TOTP_REQUIRED)
        if not await self.logins.take_try(login):
            raise Refusal(problems.ACCESS_DENIED)
        try:
            await self.factors.verify(factor, code, at)
        except Refusal as refusal:
            if user.operates:
                action, subject = "accounts.collect-device-login", "accounts/device-logins/token"
                await self.recorder.refused(user.id, action, subject, refusal.problem.code, _city_of(user))
            raise

    async def _record(self, user: User, mark: str, action: str) -> None:
        """Puts an act of an operator into the audit trail. Not those of others: the instants would stand beside persons, who
        may have sealed claims."""
        if user.operates:
            act = await self.recorder.begin(mark, user.id, action, rule(action).path.removeprefix(_API), _city_of(user))
            await self.recorder.end(act, "done")


async def _approved(logins: DeviceLogins, device_code: str, at: datetime) -> Document:
    """The login of this device code once it was approved. Refused while it is not, and for good once it never will be."""
    login = await logins.of_device(device_code, at)
    if login is None:
        raise Refusal(problems.EXPIRED_TOKEN)
    if login["state"] == State.DENIED:
        raise Refusal(problems.ACCESS_DENIED)
    if login["state"] == State.PENDING:
        raise Refusal(problems.SLOW_DOWN if await logins.slow_down(login, at) else problems.AUTHORIZATION_PENDING)
    return login


def _city_of(user: User) -> Jurisdiction | None:
    """The only city that an operator acts for, if there is one."""
    cities = {each.jurisdiction for each in user.roles if each.role is Role.CITY_OPERATOR}
    return cities.pop() if len(cities) == 1 else None
