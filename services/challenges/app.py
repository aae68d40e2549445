"""The composition of challenges: the one file that sees all of it."""

from services.challenges import commands, projections
from services.challenges.claim_routes import claim_routes
from services.challenges.domain import challenge, claim
from services.challenges.routes import challenge_routes
from services.challenges.sealing import Names
from services.challenges.store import DataKeys, Store
from shared.projections.read_models import ReadModel
from shared.runtime.service import Service
from shared.secrets import MasterKey, PersonalData, Pseudonyms, read_key
from shared.settings import Settings

CLOSES_WITHIN_SECONDS = 0.5
"""How long after its deadline a challenge may still be called published; claims are refused from the deadline on."""


def build(settings: Settings) -> Service:
    """The service with everything in its place."""
    service = Service("challenges", settings)
    organizations = ReadModel("organizations", ("huning.organizations",), projections.organization)
    store = Store(
        challenges=service.aggregates("challenges", challenge.Challenge, challenge.told),
        claims=service.aggregates("claims", claim.Claim, claim.told),
        organizations=service.read_model(organizations),
        data_keys=DataKeys(service.database["data_keys"], MasterKey(read_key(settings.keys / "master.key"))),
        names=Names(Pseudonyms(read_key(settings.keys / "pseudonym.key"))),
        personal=PersonalData(read_key(settings.keys / "personal.key")),
    )
    service.prepare(store.prepare)
    service.every(CLOSES_WITHIN_SECONDS, lambda: commands.close_due(store))
    service.routes(challenge_routes(store))
    service.routes(claim_routes(store))
    return service
