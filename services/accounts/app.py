"""The composition of accounts: the only file that sees all its parts."""

from services.accounts import routes
from services.accounts.consumers import reactions
from services.accounts.domain import Organization, User
from services.accounts.signing import SigningKeys
from services.accounts.store import Store
from shared.runtime.service import Service
from shared.secrets import PersonalData, read_key
from shared.settings import Settings
from shared.wechat.client import WeChat


def build(settings: Settings) -> Service:
    """The service, ready to be served. OSError or ValueError when a key file is missing or is none."""
    service = Service("accounts", settings)
    keys = SigningKeys.read(settings.keys)
    users = service.aggregates("users", User, User.published)
    organizations = service.aggregates("organizations", Organization, Organization.published)
    personal = PersonalData(read_key(settings.keys / "personal.key"))
    store = Store.of(service.database, users, organizations, personal)
    wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)
    service.prepare(store.prepare)
    service.ending(wechat.close)
    service.react("organizations", reactions(store))
    service.routes(routes.session_routes(store, keys, wechat))
    service.routes(routes.people_routes(store))
    service.routes(routes.organization_routes(store))
    return service
