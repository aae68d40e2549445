"""Where challenges and claims are kept: collections, indexes, data keys, and organisations as accounts tells them."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.challenges.domain.challenge import Challenge
from services.challenges.domain.claim import Claim
from services.challenges.sealing import Names
from shared.aggregates.aggregates import Aggregates, Stored
from shared.events.accounts import OrganizationState
from shared.mongo import Collection, DuplicateKeyError, IndexModel
from shared.projections.read_models import ReadModel
from shared.secrets import MasterKey, PersonalData, Sealer

CHALLENGE_INDEXES = [
    IndexModel([("state.state", 1), ("state.deadline", 1)]),
    IndexModel([("state.jurisdiction", 1), ("state.state", 1), ("_id", -1)]),
    IndexModel([("state.organization.id", 1), ("_id", -1)]),
]
CLAIM_INDEXES = [
    IndexModel("state.slot", unique=True),
    IndexModel("state.claimant"),
    IndexModel([("state.challenge_id", 1), ("state.state", 1)]),
]


@dataclass(frozen=True)
class DataKeys:
    """The data keys, one per challenge, wrapped by the master key: a dump of the claims alone opens nothing."""

    collection: Collection
    master: MasterKey

    async def of(self, challenge_id: str) -> Sealer:
        """The key of this challenge, made when it is first needed. Two who need it first get the same one."""
        kept = await self.collection.find_one({"_id": challenge_id})
        if kept is None:
            sealer, wrapped = self.master.new_data_key(challenge_id)
            try:
                await self.collection.insert_one({"_id": challenge_id, "wrapped": wrapped})
            except DuplicateKeyError:
                return await self.of(challenge_id)
            return sealer
        return self.master.unwrap(kept["wrapped"], challenge_id)


@dataclass(frozen=True)
class Store:
    """All that commands and queries work on."""

    challenges: Aggregates[Challenge]
    claims: Aggregates[Claim]
    organizations: ReadModel
    data_keys: DataKeys
    names: Names
    personal: PersonalData

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.challenges.collection.create_indexes(CHALLENGE_INDEXES)
        await self.claims.collection.create_indexes(CLAIM_INDEXES)

    async def organizations_of(self, ids: Iterable[str]) -> dict[str, OrganizationState]:
        """Those of these organisations that accounts has told of."""
        found = {each: await self.organizations.collection.find_one({"_id": each}) for each in set(ids)}
        return {each: OrganizationState.model_validate(document) for each, document in found.items() if document}

    async def claims_by(self, challenge_id: str, organization_id: str) -> list[Stored[Claim]]:
        """Every claim of an organisation on a challenge, withdrawn ones too."""
        return await self.claims.where({"state.claimant": self.names.organization(challenge_id, organization_id)})
