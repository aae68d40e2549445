"""The collection of people, its indexes, and how a person is found."""

from dataclasses import dataclass

from services.accounts.people.domain import User
from shared.aggregates.aggregates import Aggregates, Stored
from shared.mongo import IndexModel
from shared.secrets import PersonalData


@dataclass(frozen=True)
class People:
    """Everybody who ever logged in. `personal` seals openids and telephone numbers."""

    all: Aggregates[User]
    personal: PersonalData

    async def prepare(self) -> None:
        """Makes the indexes: one person per openid."""
        await self.all.prepare()
        await self.all.collection.create_indexes([IndexModel("state.openid_blind", unique=True)])

    async def behind(self, openid: str) -> Stored[User] | None:
        """The person behind an openid."""
        found = await self.all.where({"state.openid_blind": self.personal.blind(openid)}, limit=1)
        return found[0] if found else None
