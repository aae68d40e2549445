"""Challenges on the run's database, and its routes in this process with a caller of the test's choice."""

from collections.abc import Callable
from functools import partial

import httpx2
import pytest

from services.challenges import projections
from services.challenges.claiming import claim
from services.challenges.claiming.routes import claim_routes
from services.challenges.claiming.sealing import Names
from services.challenges.claiming.store import DataKeys, Store, claims_count
from services.challenges.posting import challenge
from services.challenges.posting import store as posting
from services.challenges.posting.routes import challenge_routes
from shared.access.checking import VISITOR, Caller
from shared.aggregates.aggregates import Aggregates
from shared.aggregates.private_lists import PrivateLists
from shared.mongo import Database
from shared.projections.read_models import ReadModel
from shared.secrets import MasterKey, PersonalData, Pseudonyms
from shared.settings import Settings
from tests.door import asking_as, standing
from tests.services.challenges.building import ORGANIZATIONS, POSTER_ORGANIZATION, accounts_published


@pytest.fixture
async def store(database: Database) -> Store:
    organizations = ReadModel("organizations", ("huning.organizations",), projections.organization)
    claims = Aggregates(database["claims"], claim.Claim, claim.published, upcasts=claim.UPCASTS)
    posted = posting.Store(
        challenges=Aggregates(database["challenges"], challenge.Challenge, challenge.published),
        organizations=await standing(organizations, "challenges", database),
        personal=PersonalData(b"k" * 32),
        claims_count=partial(claims_count, claims),
    )
    made = Store(
        posting=posted,
        claims=claims,
        data_keys=DataKeys(database["data_keys"], MasterKey(b"m" * 32)),
        names=Names(Pseudonyms(b"p" * 32)),
        lists=PrivateLists(database["private_lists"], "claims", b"p" * 32),
    )
    await posted.challenges.prepare()
    await claims.prepare()
    await posted.prepare()
    await made.prepare()
    await accounts_published(made, *ORGANIZATIONS, POSTER_ORGANIZATION)
    return made


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Callable[[Caller], httpx2.AsyncClient]:
    """A client whose requests come from this caller."""

    def client(caller: Caller = VISITOR) -> httpx2.AsyncClient:
        routers = challenge_routes(store.posting), claim_routes(store)
        return asking_as(caller, "challenges", test_settings, *routers, below="/api/v1/")

    return client
