"""Where people and organisations are kept, and how they are found."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.accounts.domain import Organization, User
from services.accounts.sessions import Sessions
from shared.aggregates.aggregates import Aggregates, Stored
from shared.events.accounts import OrganizationStatus
from shared.mongo import Database, IndexModel
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction

_USER_INDEXES = [IndexModel("state.openid_blind", unique=True)]
_ORGANIZATION_INDEXES = [
    IndexModel("state.credit_code", unique=True),
    IndexModel(
        "state.applicant_id",
        name="one_open_application",
        unique=True,
        partialFilterExpression={"state.status": "pending"},
    ),
    IndexModel([("state.applicant_id", 1), ("_id", 1)]),
    IndexModel([("state.jurisdiction", 1), ("state.status", 1), ("_id", 1)]),
]
_AFTER_EVERY_ID = "g"
"""Ids are hexadecimal: nothing sorts behind this."""


@dataclass(frozen=True)
class Store:
    """All that commands and queries work on."""

    users: Aggregates[User]
    organizations: Aggregates[Organization]
    sessions: Sessions
    personal: PersonalData

    @classmethod
    def of(
        cls,
        database: Database,
        users: Aggregates[User],
        organizations: Aggregates[Organization],
        personal: PersonalData,
    ) -> "Store":
        """The collections of the service's database."""
        sessions = Sessions(database["refresh_tokens"], database["refresh_families"])
        return cls(users, organizations, sessions, personal)

    async def prepare(self) -> None:
        """Makes the indexes: one person per openid, one organisation per code, one open application per person."""
        await self.users.collection.create_indexes(_USER_INDEXES)
        await self.organizations.collection.create_indexes(_ORGANIZATION_INDEXES)
        await self.sessions.prepare()

    async def user_of(self, openid: str) -> Stored[User] | None:
        """The person behind an openid."""
        found = await self.users.where({"state.openid_blind": self.personal.blind(openid)}, limit=1)
        return found[0] if found else None

    async def organization_under(self, credit_code: str) -> Stored[Organization] | None:
        """The one organisation with this code."""
        found = await self.organizations.where({"state.credit_code": credit_code}, limit=1)
        return found[0] if found else None

    async def organization_of(self, user: User) -> Organization | None:
        """The person's organisation, or else the newest that he applied for."""
        if user.organization_id is not None:
            return (await self.organizations.get(user.organization_id)).state
        applied = await self.organizations.where({"state.applicant_id": user.id})
        return max((each.state for each in applied), key=lambda each: each.created_at, default=None)

    async def organizations_in(
        self, cities: Iterable[Jurisdiction], statuses: Iterable[OrganizationStatus], after: str, limit: int
    ) -> list[Stored[Organization]]:
        """The next of these cities' organisations, in the order in which they registered."""
        behind = {"$gt": after, "$lt": _AFTER_EVERY_ID}
        found = [
            each
            for city in cities
            for status in statuses
            for each in await self.organizations.where(
                {"state.jurisdiction": city, "state.status": status, "_id": behind}, limit=limit, sort=[("_id", 1)]
            )
        ]
        return sorted(found, key=lambda each: each.state.id)[:limit]


def phone_context(credit_code: str) -> str:
    """The context under which an organisation's telephone number is sealed."""
    return f"organization/{credit_code}/phone"
