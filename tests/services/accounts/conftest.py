"""Accounts on the run's database, and its routes in this process: real tokens, and a WeChat that logs in any name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx2
import jwt
import pytest

from deploy.local import keys as local_keys
from services.accounts.device_logins.commands import Collecting
from services.accounts.device_logins.routes import device_login_routes
from services.accounts.organizations.domain import Organization
from services.accounts.organizations.routes import organization_routes
from services.accounts.people.commands import join_applicant
from services.accounts.people.domain import UPCASTS, User
from services.accounts.people.routes import people_routes
from services.accounts.second_factors.commands import Demand
from services.accounts.second_factors.routes import second_factor_routes
from services.accounts.sessions.cookies import RefreshCookie
from services.accounts.sessions.routes import session_routes
from services.accounts.sessions.signing import SigningKeys
from services.accounts.stores import Stores
from shared.access.signing_keys import Keys
from shared.access.tokens import ACCESS_TOKEN_SECONDS, Revocations, Tokens
from shared.aggregates.aggregates import Aggregates
from shared.http.door import create_app
from shared.messaging.kafka import Bus
from shared.mongo import Database
from shared.secrets import PersonalData
from shared.settings import Settings
from shared.wechat.client import WeChat


class Trail(list[tuple[str, str, str | None, str]]):
    """The acts that were recorded: actor, action, city, result."""

    async def begin(self, mark: str, actor: str, action: str, subject: str, jurisdiction: str | None = None) -> str:
        self.append((actor, action, jurisdiction, "unknown"))
        return str(len(self) - 1)

    async def end(self, act_id: str, result: str) -> None:
        self[int(act_id)] = (*self[int(act_id)][:3], result)

    async def refused(self, actor: str, action: str, subject: str, code: str, jurisdiction: str | None = None) -> None:
        self.append((actor, action, jurisdiction, f"refused:{code}"))


@pytest.fixture
def trail() -> Trail:
    """What the audit trail is told by routes and by the door."""
    return Trail()


@pytest.fixture
async def stores(database: Database) -> Stores:
    users = Aggregates(database["users"], User, User.published, upcasts=UPCASTS)
    organizations = Aggregates(database["organizations"], Organization, Organization.published)
    made = Stores.of(database, users, organizations, PersonalData(bytes(32)), b"s" * 32)
    await made.prepare()
    return made


@pytest.fixture(scope="module")
def signing_keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    folder: Path = tmp_path_factory.mktemp("keys")
    local_keys.make(folder)
    return SigningKeys.read(folder / "signing")


@pytest.fixture
def door(
    stores: Stores, signing_keys: SigningKeys, test_settings: Settings, trail: Trail
) -> Callable[[], httpx2.AsyncClient]:
    """A client of the routes, which verify tokens as every service does."""
    return _door(stores, signing_keys, test_settings, trail)


@pytest.fixture
def strict_door(
    stores: Stores, signing_keys: SigningKeys, test_settings: Settings, trail: Trail
) -> Callable[[], httpx2.AsyncClient]:
    """The same where every operator needs a second factor."""
    settings = test_settings.model_copy(update={"operators_need_totp": True})
    return _door(stores, signing_keys, settings, trail)


@pytest.fixture
def secure_door(
    stores: Stores, signing_keys: SigningKeys, test_settings: Settings, trail: Trail
) -> Callable[[], httpx2.AsyncClient]:
    """The same where clients come over HTTPS."""
    settings = test_settings.model_copy(update={"public_url": "https://huning.example"})
    return _door(stores, signing_keys, settings, trail)


def _door(
    stores: Stores, signing_keys: SigningKeys, settings: Settings, trail: Trail
) -> Callable[[], httpx2.AsyncClient]:
    class Published(Keys):
        async def _fetch(self) -> dict[str, jwt.PyJWK]:
            return {key["kid"]: jwt.PyJWK(key) for key in signing_keys.published}

    tokens = Tokens(Published("http://accounts.invalid", ACCESS_TOKEN_SECONDS), Revocations(Bus(settings, "accounts")))
    wechat = WeChat("http://wechat.invalid", "app", "secret", transport=httpx2.MockTransport(_anybody))
    app = create_app("accounts", settings, tokens.caller)
    app.recorder = trail
    people, organizations, families = stores.people, stores.organizations, stores.families
    cookie = RefreshCookie.of(settings.public_url)
    demand, factors = Demand(settings.operators_need_totp), stores.second_factors
    collecting = Collecting(stores.device_logins, people, families, factors, demand, trail)
    for router in (
        session_routes(people, organizations, families, signing_keys, wechat, cookie),
        device_login_routes(collecting, organizations, signing_keys, cookie, settings),
        second_factor_routes(factors, people, families, demand),
        people_routes(people, organizations),
        organization_routes(organizations, partial(join_applicant, people), people.names),
    ):
        app.include_router(router)

    def client() -> httpx2.AsyncClient:
        base = f"{settings.public_url.partition(':')[0]}://accounts/api/v1/accounts/"
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=base)

    return client


def _anybody(request: httpx2.Request) -> httpx2.Response:
    code = request.url.params["js_code"]
    if not code.startswith("code:"):
        return httpx2.Response(200, json={"errcode": 40029, "errmsg": "invalid code"})
    return httpx2.Response(200, json={"openid": f"openid-of-{code}", "session_key": "k"})
