"""The composition of accounts: the only file that sees all its parts."""

from functools import partial

from services.accounts.device_logins.commands import Collecting
from services.accounts.device_logins.routes import device_login_routes
from services.accounts.organizations.domain import Organization, taken_from_log
from services.accounts.organizations.queries import organizations_to_verify
from services.accounts.organizations.routes import organization_routes
from services.accounts.organizations.store import unknown_contact
from services.accounts.people import domain
from services.accounts.people.commands import join_applicant
from services.accounts.people.consumers import reactions
from services.accounts.people.domain import UPCASTS, User
from services.accounts.people.routes import people_routes
from services.accounts.retention import RETENTION
from services.accounts.second_factors.commands import Demand
from services.accounts.second_factors.routes import second_factor_routes
from services.accounts.sessions.cookies import RefreshCookie
from services.accounts.sessions.routes import session_routes
from services.accounts.sessions.signing import SigningKeys
from services.accounts.stores import Stores
from shared.operations.todo import Waiting
from shared.runtime.service import Service
from shared.secrets import PersonalData, openid_context, read_key
from shared.settings import Settings
from shared.wechat.client import WeChat


def build(settings: Settings) -> Service:
    """The service, ready to be served. OSError or ValueError when a key file is missing or malformed."""
    service = Service("accounts", settings, keeps=RETENTION)
    keys = SigningKeys.read(settings.keys / "signing")
    personal = PersonalData(read_key(settings.keys, "personal"))
    take_user = partial(domain.taken_from_log, lambda sealed, user_id: _blind(personal, sealed, user_id))
    take_organization = partial(taken_from_log, partial(unknown_contact, personal))
    stores = Stores.of(
        service.database,
        service.aggregates("users", User, User.published, upcasts=UPCASTS, take=take_user),
        service.aggregates("organizations", Organization, Organization.published, take=take_organization),
        personal,
        read_key(settings.keys, "session"),
    )
    wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)
    people, organizations, families = stores.people, stores.organizations, stores.families
    cookie = RefreshCookie.of(settings.public_url)
    service.prepare(stores.prepare)
    service.ending(wechat.close)
    service.react("organizations", reactions(people, organizations))
    service.routes(session_routes(people, organizations, families, keys, wechat, cookie, settings.logins_per_code))
    demand, factors = Demand(settings.operators_need_totp), stores.second_factors
    collecting = Collecting(stores.device_logins, people, families, factors, demand, service.audit.acts)
    service.routes(device_login_routes(collecting, organizations, keys, cookie, settings))
    service.routes(second_factor_routes(factors, people, families, demand))
    service.routes(people_routes(people, organizations))
    to_verify = partial(organizations_to_verify, organizations)
    service.todo(Waiting("organizations_to_verify", "待认证的单位", "accounts/organizations?status=pending", to_verify))
    service.routes(organization_routes(organizations, partial(join_applicant, people), people.names))
    return service


def _blind(personal: PersonalData, openid_sealed: str, user_id: str) -> str:
    """The index of an openid, by which its person is found."""
    return personal.blind(personal.open(openid_sealed, openid_context(user_id)))
