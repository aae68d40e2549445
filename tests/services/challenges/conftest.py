"""Challenges on the run's database, and its routes in this process with a caller of the test's choice."""

from collections.abc import Callable

import httpx
import pytest

from services.challenges import projections
from services.challenges.claim_routes import claim_routes
from services.challenges.domain import challenge, claim
from services.challenges.routes import challenge_routes
from services.challenges.sealing import Names
from services.challenges.store import DataKeys, Store
from shared.access.checking import VISITOR, Caller
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Database
from shared.projections.read_models import ReadModel
from shared.secrets import MasterKey, PersonalData, Pseudonyms
from shared.settings import Settings
from tests.door import asking_as, standing
from tests.services.challenges.building import ORGANIZATIONS, POSTER_ORGANIZATION, tell


@pytest.fixture
async def store(database: Database) -> Store:
    organizations = ReadModel("organizations", ("huning.organizations",), projections.organization)
    made = Store(
        challenges=Aggregates(database["challenges"], challenge.Challenge, challenge.told),
        claims=Aggregates(database["claims"], claim.Claim, claim.told),
        organizations=await standing(organizations, "challenges", database),
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
        routers = challenge_routes(store), claim_routes(store)
        return asking_as(caller, "challenges", test_settings, *routers, below="/api/v1/")

    return client
