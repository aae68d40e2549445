"""The collection of organisations, its indexes, and how an organisation is found."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.accounts.organizations.domain import Contact, Organization
from shared.aggregates.aggregates import Aggregates, Stored
from shared.events.accounts import OrganizationStatus
from shared.mongo import IndexModel
from shared.secrets import PersonalData
from shared.values.jurisdictions import Jurisdiction

_INDEXES = [
    IndexModel("state.credit_code", unique=True),
    IndexModel([("state.applicant_id", 1), ("_id", 1)]),
    IndexModel([("state.jurisdiction", 1), ("state.status", 1), ("_id", 1)]),
]
_FORMER_INDEX = "one_open_application"
"""It allowed each person one open application, from the time when nobody could act for several organisations."""
_AFTER_EVERY_ID = "g"
"""Ids are hexadecimal: nothing sorts behind this."""


@dataclass(frozen=True)
class Organizations:
    """All organisations, verified or not. `personal` seals the telephone numbers of their contacts."""

    all: Aggregates[Organization]
    personal: PersonalData

    async def prepare(self) -> None:
        """Makes the indexes: one organisation per credit code."""
        await self.all.prepare()
        if _FORMER_INDEX in await self.all.collection.index_information():
            await self.all.collection.drop_index(_FORMER_INDEX)
        await self.all.collection.create_indexes(_INDEXES)

    async def under(self, credit_code: str) -> Stored[Organization] | None:
        """The one organisation with this credit code."""
        found = await self.all.where({"state.credit_code": credit_code}, limit=1)
        return found[0] if found else None

    async def these(self, ids: Iterable[str]) -> list[Organization]:
        """The organisations with these ids, in the order of the ids."""
        wanted = list(ids)
        found = {each.state.id: each.state for each in await self.all.where({"_id": {"$in": wanted}})}
        return [found[each] for each in wanted if each in found]

    async def newest_application(self, user_id: str) -> Organization | None:
        """The organisation that this person registered last."""
        applied = await self.all.where({"state.applicant_id": user_id})
        return max((each.state for each in applied), key=lambda each: each.created_at, default=None)

    async def open_applications(self, user_id: str, limit: int) -> int:
        """How many applications of this person wait for their cities, counted up to the limit."""
        return len(await self.all.where({"state.applicant_id": user_id, "state.status": "pending"}, limit=limit))

    async def pending_in(self, cities: Iterable[Jurisdiction], limit: int) -> int:
        """How many applications wait in these cities, counted up to the limit."""
        query = {"state.jurisdiction": {"$in": [each.value for each in cities]}, "state.status": "pending"}
        return int(await self.all.collection.count_documents(query, limit=limit))

    async def in_cities(
        self, cities: Iterable[Jurisdiction], statuses: Iterable[OrganizationStatus], after: str, limit: int
    ) -> list[Stored[Organization]]:
        """The next organisations of these cities, in the order in which they registered."""
        behind = {"$gt": after, "$lt": _AFTER_EVERY_ID}
        found = [
            each
            for city in cities
            for status in statuses
            for each in await self.all.where(
                {"state.jurisdiction": city, "state.status": status, "_id": behind}, limit=limit, sort=[("_id", 1)]
            )
        ]
        return sorted(found, key=lambda each: each.state.id)[:limit]


def phone_context(credit_code: str) -> str:
    """The context under which an organisation's telephone number is sealed."""
    return f"organization/{credit_code}/phone"


def unknown_contact(personal: PersonalData, credit_code: str) -> Contact:
    """The contact of an organisation that was taken back from the log, which knows none."""
    return Contact(name="", phone_sealed=personal.seal("", phone_context(credit_code)), phone_masked="")
