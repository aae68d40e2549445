"""The collection of claims with its indexes, and the data keys that seal them."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from services.challenges.claiming.claim import Claim
from services.challenges.claiming.sealing import Names
from services.challenges.posting.store import Store as PostingStore
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.private_lists import PrivateLists
from shared.mongo import Collection, DuplicateKeyError, IndexModel
from shared.secrets import MasterKey, Sealer

_BY_CHALLENGE = [("state.challenge_id", 1)]
CLAIM_INDEXES = [
    IndexModel("state.slot", unique=True),
    IndexModel("state.claimant"),
    IndexModel(_BY_CHALLENGE),
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
    """What commands and queries about claims work on."""

    posting: PostingStore
    claims: Aggregates[Claim]
    data_keys: DataKeys
    names: Names
    lists: PrivateLists
    """What each organisation has claimed, as lead or as partner: nothing else connects an organisation with its claims."""

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.claims.collection.create_indexes(CLAIM_INDEXES)

    async def enlist(self, claim_id: str, challenge_id: str, organization_ids: Iterable[str]) -> None:
        """The claim on the list of each of these. Comes before the claim is written, so that none is ever missing; an
        entry whose claim was not written, or names the organisation no longer, is passed over."""
        for each in organization_ids:
            await self.lists.append(each, claim_id, {"challenge_id": challenge_id})

    async def claims_by(self, challenge_id: str, organization_id: str) -> list[Stored[Claim]]:
        """Every claim of an organisation on a challenge, withdrawn ones too."""
        return await self.claims.where({"state.claimant": self.names.organization(challenge_id, organization_id)})


async def claims_count(claims: Aggregates[Claim], challenge_id: str) -> int:
    """How many claims are submitted on a challenge."""
    submitted = {"state.challenge_id": challenge_id, "state.state": "submitted"}
    return int(await claims.collection.count_documents(submitted))


async def claim_ids(claims: Aggregates[Claim], challenge_id: str) -> AsyncIterator[str]:
    """The ids of all claims on a challenge, in whatever state."""
    async for document in claims.collection.find({"state.challenge_id": challenge_id}, {"_id": 1}, hint=_BY_CHALLENGE):
        yield document["_id"]
