"""The accounts that `make up` loads: roles, not people. Every step leaves alone what is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from services.accounts.organizations import commands as organization_commands
from services.accounts.organizations.bodies import Application, ContactWritten
from services.accounts.people import commands as people_commands
from services.accounts.people.domain import User
from services.accounts.sessions.wechat_login import openid_of
from services.accounts.stores import Stores
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import OrganizationKind, Role, RoleGrant
from shared.values.credit_codes import check_character
from shared.values.jurisdictions import Jurisdiction
from shared.values.roles import Duty
from shared.wechat.client import WeChat


@dataclass(frozen=True)
class Account:
    """One login, `code:<name>`, and the role it is given."""

    name: str
    role: Role | None = None
    jurisdiction: Jurisdiction | None = None
    duty: Duty | None = None
    employer_credit_code: str | None = None


@dataclass(frozen=True)
class SampleOrganization:
    """A verified organisation, whose applicant is the account of the same name."""

    account: str
    name: str
    kind: OrganizationKind
    jurisdiction: Jurisdiction
    credit_code: str


def accounts() -> Iterator[Account]:
    """Everybody who can log in at the stand-in, operators first."""
    for city in Jurisdiction:
        yield Account(f"operator-{city}", Role.CITY_OPERATOR, city, Duty.BUSINESS)
        yield Account(f"operator-{city}-2", Role.CITY_OPERATOR, city, Duty.SUPERVISION)
    yield Account("operator-alliance", Role.ALLIANCE_OPERATOR, duty=Duty.BUSINESS)
    yield Account("operator-alliance-2", Role.ALLIANCE_OPERATOR, duty=Duty.SUPERVISION)
    yield Account("auditor", Role.AUDITOR)
    for number in (1, 2, 3):
        employer = f"12{Jurisdiction.PUTUO.code}EXPERT00{number}"
        yield Account(f"reviewer-{number}", Role.REVIEWER, employer_credit_code=employer + check_character(employer))
    yield Account("manager-1", Role.TECHNOLOGY_MANAGER)
    for organization in organizations():
        yield Account(organization.account)


def organizations() -> Iterator[SampleOrganization]:
    """One enterprise and one institute in each city."""
    for city in Jurisdiction:
        yield SampleOrganization(
            f"company-{city}", f"{city.chinese}示例科技有限公司", "enterprise", city, _sample_code("91", city)
        )
        yield SampleOrganization(
            f"institute-{city}", f"{city.chinese}示例产业技术研究院", "institute", city, _sample_code("12", city)
        )


def _sample_code(category: str, city: Jurisdiction) -> str:
    """A code that passes the check and whose middle says what it is: 91 an enterprise, 12 a public institution."""
    first = f"{category}{city.code}EXAMPLE00"
    return first + check_character(first)


async def load(stores: Stores, wechat: WeChat) -> tuple[int, int]:
    """Every account logged in with its role, every organisation verified; how many of each there are now."""
    users = {account.name: await _log_in(stores, wechat, account) for account in accounts()}
    loaded = list(organizations())
    for organization in loaded:
        await _verify(stores, users, organization)
    return len(users), len(loaded)


async def _log_in(stores: Stores, wechat: WeChat, account: Account) -> User:
    user = await people_commands.log_in(stores.people, await openid_of(wechat, f"code:{account.name}"))
    if account.role is None:
        return user.state
    wanted = RoleGrant(
        role=account.role,
        jurisdiction=account.jurisdiction,
        duty=account.duty,
        employer_credit_code=account.employer_credit_code,
    )
    installer = people_commands.INSTALLER
    return (await people_commands.grant_role(stores.people, installer, user.state.id, wanted, None)).state


async def _verify(stores: Stores, users: dict[str, User], organization: SampleOrganization) -> None:
    applicant, operator = users[organization.account], users[f"operator-{organization.jurisdiction}"]
    application = Application(
        name=organization.name,
        credit_code=organization.credit_code,
        jurisdiction=organization.jurisdiction,
        kind=organization.kind,
        contact=ContactWritten(name="示例联系人", phone="025-00000000"),
    )
    kept = stores.organizations
    if await kept.under(organization.credit_code) is None:
        await organization_commands.register(kept, _caller(applicant), application, _attempt(applicant, "apply"))
    known = await kept.under(organization.credit_code)
    if known is not None and known.state.status == "pending":
        join = partial(people_commands.join_applicant, stores.people)
        attempt = _attempt(operator, f"approve/{known.state.id}")
        await organization_commands.approve(kept, join, _caller(operator), known.state.id, attempt)


def _caller(user: User) -> Caller:
    return Caller(user_id=user.id, grants=frozenset((each.role, each.jurisdiction) for each in user.roles))


def _attempt(user: User, what: str) -> Attempt:
    return Attempt(user.id, f"sample/{what}", what)
