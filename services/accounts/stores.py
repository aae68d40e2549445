"""All collections of accounts, put together for the service, for the command line and for tests."""

from dataclasses import dataclass

from services.accounts.device_logins.store import DeviceLogins
from services.accounts.organizations.domain import Organization
from services.accounts.organizations.store import Organizations
from services.accounts.people.domain import User
from services.accounts.people.store import People
from services.accounts.second_factors.store import SecondFactors
from services.accounts.sessions.families import Families
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Database
from shared.secrets import PersonalData

_FORMER = ("refresh_tokens", "refresh_families")
"""Collections of earlier versions. They kept the instants of logins, so they are removed."""


@dataclass(frozen=True)
class Stores:
    """The collections that commands and queries work on."""

    database: Database
    people: People
    organizations: Organizations
    families: Families
    device_logins: DeviceLogins
    second_factors: SecondFactors

    @classmethod
    def of(
        cls,
        database: Database,
        users: Aggregates[User],
        organizations: Aggregates[Organization],
        personal: PersonalData,
        session_key: bytes,
    ) -> "Stores":
        """The collections of the service's database."""
        families = Families(database["sessions"], session_key)
        logins = DeviceLogins(database["device_logins"], session_key)
        factors = SecondFactors(database["second_factors"], personal)
        people, verified = People(users, personal), Organizations(organizations, personal)
        return cls(database, people, verified, families, logins, factors)

    async def prepare(self) -> None:
        """Makes the indexes and removes what earlier versions kept."""
        for store in (self.people, self.organizations, self.families, self.device_logins):
            await store.prepare()
        for name in _FORMER:
            await self.database.drop_collection(name)
