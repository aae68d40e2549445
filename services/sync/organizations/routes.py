"""HTTP: organisations across cities, and their merges."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from services.sync.organizations import queries
from services.sync.organizations.commands import OrganizationCommands
from services.sync.organizations.store import Joined
from services.sync.organizations.views import MergeView, SharedOrganizationView
from services.sync.records.views import RecordView
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Router, say_if_replayed
from shared.values.clock import now
from shared.values.readable import LINE, PROSE

_Code = Annotated[str, Path(max_length=40)]
_Reason = Annotated[str, Field(min_length=1, max_length=500), PROSE]


class Merge(BaseModel):
    """The code that it is joined into, and why they are one."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[str, Field(min_length=1, max_length=40), LINE]
    reason: _Reason


class Unmerge(BaseModel):
    """Why they are not one."""

    model_config = ConfigDict(extra="forbid")

    reason: _Reason


def add_routes(router: Router, joined: Joined) -> None:
    """The routes of this room."""
    commands = OrganizationCommands(joined)

    @router.action("sync.list-merges")
    async def list_merges(limit: Limit = 20, cursor: Cursor = None) -> Page[MergeView]:
        """Lists the credit codes that are joined into another."""
        return await queries.list_merges(joined, limit, cursor)

    @router.action("sync.show-organization")
    async def show_organization(credit_code: _Code, caller: CallerOf) -> SharedOrganizationView:
        """Shows an organisation across cities: its names, its codes, and how many records each city has of it."""
        return await queries.show_organization(joined, caller, credit_code)

    @router.action("sync.list-organization-records")
    async def list_records(credit_code: _Code, limit: Limit = 20, cursor: Cursor = None) -> Page[RecordView]:
        """Lists the records of an organisation, of all cities."""
        return await queries.list_records(joined, credit_code, limit, cursor)

    @router.action("sync.merge-organization")
    async def merge(
        credit_code: _Code, body: Merge, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> SharedOrganizationView:
        """Joins a credit code into another: from now on they are one organisation, which goes by the other."""
        stored = await commands.merge(caller, attempt, now(), credit_code, body.into, body.reason)
        say_if_replayed(response, stored.replayed)
        return await queries.show_organization(joined, caller, credit_code)

    @router.action("sync.unmerge-organization")
    async def unmerge(
        credit_code: _Code, body: Unmerge, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> SharedOrganizationView:
        """Undoes a merge: the credit code is an organisation of its own again."""
        stored = await commands.unmerge(caller, attempt, now(), credit_code, body.reason)
        say_if_replayed(response, stored.replayed)
        return await queries.show_organization(joined, caller, credit_code)
