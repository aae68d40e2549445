"""The composition of challenges: the one file that sees all of it."""

from functools import partial

from services.challenges import projections
from services.challenges.claiming import claim
from services.challenges.claiming import store as claiming
from services.challenges.claiming.commands import fence_due
from services.challenges.claiming.routes import claim_routes
from services.challenges.claiming.sealing import Names
from services.challenges.posting import challenge, commands
from services.challenges.posting import store as posting
from services.challenges.posting.routes import challenge_routes
from services.challenges.retention import RETENTION
from services.challenges.todo import waiting
from shared.aggregates.private_lists import PrivateLists
from shared.projections.read_models import ReadModel
from shared.runtime.service import Service
from shared.secrets import MasterKey, PersonalData, Pseudonyms, read_key
from shared.settings import Settings

CLOSES_WITHIN_SECONDS = 0.5
"""How long after its deadline a challenge may still be called published; claims are refused from the deadline on."""


def build(settings: Settings) -> Service:
    """The service with everything in its place."""
    service = Service("challenges", settings, keeps=RETENTION)
    organizations = ReadModel("organizations", ("huning.organizations",), projections.organization)
    pseudonym_key = read_key(settings.keys, "pseudonym")
    claims = service.aggregates("claims", claim.Claim, claim.published, upcasts=claim.UPCASTS, gone=claim.gone)
    posting_store = posting.Store(
        challenges=service.aggregates(
            "challenges",
            challenge.Challenge,
            challenge.published,
            take=challenge.taken_from_log,
            gone=challenge.gone,
        ),
        organizations=service.read_model(organizations),
        personal=PersonalData(read_key(settings.keys, "personal")),
        claims_count=partial(claiming.claims_count, claims),
    )
    claiming_store = claiming.Store(
        posting=posting_store,
        claims=claims,
        data_keys=claiming.DataKeys(service.database["data_keys"], MasterKey(read_key(settings.keys, "master"))),
        names=Names(Pseudonyms(pseudonym_key)),
        lists=PrivateLists(service.database["private_lists"], "claims", pseudonym_key),
    )
    service.prepare(posting_store.prepare)
    service.prepare(claiming_store.prepare)

    async def keep_deadlines() -> None:
        await commands.close_due(posting_store)
        await fence_due(claiming_store)

    service.every(CLOSES_WITHIN_SECONDS, keep_deadlines)
    service.routes(challenge_routes(posting_store))
    service.routes(claim_routes(claiming_store))
    service.todo(*waiting(posting_store, claiming_store))
    return service
