"""Loads the accounts and organisations of `make up`. Every step leaves alone what is there."""

from functools import partial

from services.accounts.organizations import commands as organization_commands
from services.accounts.organizations.bodies import Application, ContactWritten
from services.accounts.people import commands as people_commands
from services.accounts.people.domain import User
from services.accounts.sample_accounts import Account, SampleOrganization, accounts, organizations
from services.accounts.sessions.wechat_login import openid_of
from services.accounts.stores import Stores
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import RoleGrant
from shared.wechat.client import WeChat


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
