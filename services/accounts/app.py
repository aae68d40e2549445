"""The composition of accounts: the only file that sees all its parts."""

from functools import partial

from services.accounts.organizations.domain import Organization
from services.accounts.organizations.routes import organization_routes
from services.accounts.people.commands import join_applicant
from services.accounts.people.consumers import reactions
from services.accounts.people.domain import UPCASTS, User
from services.accounts.people.routes import people_routes
from services.accounts.sessions.routes import session_routes
from services.accounts.sessions.signing import SigningKeys
from services.accounts.stores import Stores
from shared.runtime.service import Service
from shared.secrets import PersonalData, read_key
from shared.settings import Settings
from shared.wechat.client import WeChat


def build(settings: Settings) -> Service:
    """The service, ready to be served. OSError or ValueError when a key file is missing or malformed."""
    service = Service("accounts", settings)
    keys = SigningKeys.read(settings.keys / "signing")
    stores = Stores.of(
        service.database,
        service.aggregates("users", User, User.published, upcasts=UPCASTS),
        service.aggregates("organizations", Organization, Organization.published),
        PersonalData(read_key(settings.keys, "personal")),
        read_key(settings.keys, "session"),
    )
    wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)
    people, organizations, families = stores.people, stores.organizations, stores.families
    service.prepare(stores.prepare)
    service.ending(wechat.close)
    service.react("organizations", reactions(people, organizations))
    service.routes(session_routes(people, organizations, families, keys, wechat, settings.logins_per_code))
    service.routes(people_routes(people, organizations))
    service.routes(organization_routes(organizations, partial(join_applicant, people)))
    return service
