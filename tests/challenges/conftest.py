"""Challenges on the run's database, and its routes in this process with a caller of the test's choice."""

from collections.abc import Callable

import httpx
import pytest
from starlette.requests import Request

from services.challenges import projections
from services.challenges.claim_routes import claim_routes
from services.challenges.domain import challenge, claim
from services.challenges.routes import challenge_routes
from services.challenges.sealing import Names
from services.challenges.store import DataKeys, Store
from shared.access import VISITOR, Caller
from shared.aggregates import Aggregates
from shared.consuming import Consumer, Subscription
from shared.http import create_app
from shared.mongo import Database
from shared.read_models import ReadModel
from shared.secrets import MasterKey, PersonalData, Pseudonyms
from shared.settings import Settings
from tests.challenges.building import ORGANIZATIONS, POSTER_ORGANIZATION, tell


def _nothing_is_consumed(_: Subscription) -> Consumer:
    raise AssertionError("these tests write the read model themselves")


@pytest.fixture
async def store(database: Database) -> Store:
    organizations = ReadModel("organizations", ("huning.organizations",), projections.organization)
    organizations.attach("challenges", database, _nothing_is_consumed)
    await organizations.locate()
    made = Store(
        challenges=Aggregates(database["challenges"], challenge.Challenge, challenge.told),
        claims=Aggregates(database["claims"], claim.Claim, claim.told),
        organizations=organizations,
        data_keys=DataKeys(database["data_keys"], MasterKey(b"m" * 32)),
        names=Names(Pseudonyms(b"p" * 32)),
        personal=PersonalData(b"k" * 32),
    )
    await made.challenges.prepare()
    await made.claims.prepare()
    await made.prepare()
    await tell(made, *ORGANIZATIONS, POSTER_ORGANIZATION)
    return made


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Callable[[Caller], httpx.AsyncClient]:
    """A client whose requests come from this caller."""

    def client(caller: Caller = VISITOR) -> httpx.AsyncClient:
        async def authenticate(_: Request) -> Caller:
            return caller

        app = create_app("challenges", test_settings, authenticate)
        app.include_router(challenge_routes(store))
        app.include_router(claim_routes(store))
        transport = httpx.ASGITransport(app)
        return httpx.AsyncClient(transport=transport, base_url="http://challenges/api/v1/")

    return client
