"""Accounts on the run's database, and its routes in this process: real tokens, and a WeChat that logs in any name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx2
import jwt
import pytest

from deploy.local import keys as local_keys
from services.accounts.organizations.domain import Organization
from services.accounts.organizations.routes import organization_routes
from services.accounts.people.commands import join_applicant
from services.accounts.people.domain import UPCASTS, User
from services.accounts.people.routes import people_routes
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
def door(stores: Stores, signing_keys: SigningKeys, test_settings: Settings) -> Callable[[], httpx2.AsyncClient]:
    """A client of the routes, which verify tokens as every service does."""

    class Published(Keys):
        async def _fetch(self) -> dict[str, jwt.PyJWK]:
            return {key["kid"]: jwt.PyJWK(key) for key in signing_keys.published}

    tokens = Tokens(
        Published("http://accounts.invalid", ACCESS_TOKEN_SECONDS), Revocations(Bus(test_settings, "accounts"))
    )
    wechat = WeChat("http://wechat.invalid", "app", "secret", transport=httpx2.MockTransport(_anybody))
    app = create_app("accounts", test_settings, tokens.caller)
    people, organizations = stores.people, stores.organizations
    for router in (
        session_routes(people, organizations, stores.families, signing_keys, wechat),
        people_routes(people, organizations),
        organization_routes(organizations, partial(join_applicant, people)),
    ):
        app.include_router(router)

    def client() -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://accounts/api/v1/accounts/")

    return client


def _anybody(request: httpx2.Request) -> httpx2.Response:
    code = request.url.params["js_code"]
    if not code.startswith("code:"):
        return httpx2.Response(200, json={"errcode": 40029, "errmsg": "invalid code"})
    return httpx2.Response(200, json={"openid": f"openid-of-{code}", "session_key": "k"})
