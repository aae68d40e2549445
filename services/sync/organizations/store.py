"""Where merges are kept, and the records of a code are found."""

from collections.abc import Collection as Several
from dataclasses import dataclass

from services.sync.organizations.joined import JoinedCode
from services.sync.records.record import StoredRecord, record_of
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Collection, Document, IndexModel

_CODE = "state.organization.credit_code"
BY_CODE = IndexModel([(_CODE, 1), ("_id", 1)], sparse=True)


@dataclass(frozen=True)
class Joined:
    """The merges, beside the collection of records."""

    codes: Aggregates[JoinedCode]
    records: Collection

    async def prepare(self) -> None:
        await self.codes.collection.create_indexes([IndexModel("state.into", sparse=True)])
        await self.records.create_indexes([BY_CODE])

    async def around(self, code: str) -> dict[str, JoinedCode]:
        """Every code that leads to this one or that it leads to, of those about which there ever was a merge."""
        found: dict[str, JoinedCode] = {}
        asked, ahead = {code}, {code}
        while ahead:
            names: Document = {"$in": sorted(ahead)}
            near = await self.codes.where({"$or": [{"_id": names}, {"state.into": names}]})
            found |= {each.state.id: each.state for each in near}
            reached = {each.state.id for each in near} | {each.state.into for each in near if each.state.into}
            ahead = reached - asked
            asked |= ahead
        return found

    async def standing(self, after: str, limit: int) -> list[JoinedCode]:
        """The codes that are joined into another, in their order."""
        query: Document = {"state.into": {"$gte": ""}, "_id": {"$gt": after}}
        return [each.state for each in await self.codes.where(query, limit=limit, sort=[("_id", 1)])]

    async def has_records(self, code: str) -> bool:
        """Whether any record that stands names this code."""
        return await self.records.find_one({_CODE: code, "state.deleted": False}, {"_id": 1}) is not None

    async def named(self, codes: Several[str]) -> list[tuple[str, str, str, str]]:
        """(code, name, jurisdiction, kind) of every record that stands and names one of these codes."""
        query = {_CODE: {"$in": sorted(codes)}, "state.deleted": False}
        fields = {"state.organization": 1, "state.jurisdiction": 1, "state.kind": 1}
        found = []
        async for each in self.records.find(query, fields):
            state, organization = each["state"], each["state"]["organization"]
            found.append((organization["credit_code"], organization["name"], state["jurisdiction"], state["kind"]))
        return found

    async def page(self, codes: Several[str], after: str, limit: int) -> list[StoredRecord]:
        """The records that stand and name one of these codes, in the order of their ids."""
        query = {_CODE: {"$in": sorted(codes)}, "state.deleted": False, "_id": {"$gt": after}}
        found = self.records.find(query, sort=[("_id", 1)], limit=limit)
        return [record_of(each) async for each in found]
