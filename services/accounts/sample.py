"""The accounts that `make up` loads: roles, not people. Every step leaves alone what is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.accounts import commands
from services.accounts.bodies import Application, ContactWritten
from services.accounts.domain import User
from services.accounts.store import Store
from services.accounts.wechat_login import openid_of
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import OrganizationKind, Role, RoleGrant
from shared.values.credit_codes import check_character
from shared.values.jurisdictions import Jurisdiction
from shared.wechat.client import WeChat


@dataclass(frozen=True)
class Account:
    """One login, `code:<name>`, and the role it is given."""

    name: str
    role: Role | None = None
    jurisdiction: Jurisdiction | None = None


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
        yield Account(f"operator-{city}", Role.CITY_OPERATOR, city)
        yield Account(f"operator-{city}-2", Role.CITY_OPERATOR, city)
    yield Account("operator-alliance", Role.ALLIANCE_OPERATOR)
    yield Account("operator-alliance-2", Role.ALLIANCE_OPERATOR)
    yield Account("auditor", Role.AUDITOR)
    for number in (1, 2, 3):
        yield Account(f"reviewer-{number}", Role.REVIEWER)
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


async def load(store: Store, wechat: WeChat) -> tuple[int, int]:
    """Every account logged in with its role, every organisation verified; how many of each there are now."""
    users = {account.name: await _log_in(store, wechat, account) for account in accounts()}
    loaded = list(organizations())
    for organization in loaded:
        await _verify(store, users, organization)
    return len(users), len(loaded)


async def _log_in(store: Store, wechat: WeChat, account: Account) -> User:
    user = await commands.log_in(store, await openid_of(wechat, f"code:{account.name}"))
    if account.role is None:
        return user.state
    wanted = RoleGrant(role=account.role, jurisdiction=account.jurisdiction)
    return (await commands.grant_role(store, commands.INSTALLER, user.state.id, wanted, None)).state


async def _verify(store: Store, users: dict[str, User], organization: SampleOrganization) -> None:
    applicant, operator = users[organization.account], users[f"operator-{organization.jurisdiction}"]
    application = Application(
        name=organization.name,
        credit_code=organization.credit_code,
        jurisdiction=organization.jurisdiction,
        kind=organization.kind,
        contact=ContactWritten(name="示例联系人", phone="0000-00000000"),
    )
    if await store.organization_under(organization.credit_code) is None:
        await commands.register_organization(store, _caller(applicant), application, _attempt(applicant, "apply"))
    known = await store.organization_under(organization.credit_code)
    if known is not None and known.state.status == "pending":
        await commands.approve(
            store, _caller(operator), known.state.id, _attempt(operator, f"approve/{known.state.id}")
        )


def _caller(user: User) -> Caller:
    grants = frozenset((each.role, each.jurisdiction) for each in user.roles)
    return Caller(user_id=user.id, grants=grants, organization_id=user.organization_id)


def _attempt(user: User, what: str) -> Attempt:
    return Attempt(user.id, f"sample/{what}", what)
