"""The collection of challenges with its indexes, and the organisations as accounts last published them."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from services.challenges.posting.challenge import Challenge
from shared.aggregates.aggregates import Aggregates
from shared.events.accounts import OrganizationState
from shared.mongo import IndexModel
from shared.projections.read_models import ReadModel
from shared.secrets import PersonalData

CHALLENGE_INDEXES = [
    IndexModel([("state.state", 1), ("state.deadline", 1)]),
    IndexModel([("state.state", 1), ("state.claims_fenced_at", 1)]),
    IndexModel([("state.jurisdiction", 1), ("state.state", 1), ("_id", -1)]),
    IndexModel([("state.organization.id", 1), ("_id", -1)]),
]


@dataclass(frozen=True)
class Store:
    """What commands and queries about challenges work on.

    `claims_count` answers how many claims are submitted on a challenge: claiming counts them, and is handed in.
    """

    challenges: Aggregates[Challenge]
    organizations: ReadModel
    personal: PersonalData
    claims_count: Callable[[str], Awaitable[int]]

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.challenges.collection.create_indexes(CHALLENGE_INDEXES)

    async def organizations_of(self, ids: Iterable[str]) -> dict[str, OrganizationState]:
        """Those of these organisations that accounts has published."""
        found = {each: await self.organizations.collection.find_one({"_id": each}) for each in set(ids)}
        return {each: OrganizationState.model_validate(document) for each, document in found.items() if document}
