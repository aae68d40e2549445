"""HTTP: objections to records."""

from typing import Annotated

from fastapi import Query, Response

from services.sync.objections import queries
from services.sync.objections.bodies import Answer, NewObjection
from services.sync.objections.commands import ObjectionCommands
from services.sync.objections.objection import State
from services.sync.objections.views import ObjectionView, objection_view
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Router, with_version
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction

_RecordId = Annotated[str | None, Query(max_length=300, description="`jurisdiction/kind/source_id`")]
_Mine = Annotated[bool, Query(description="only what the caller objected to")]


def add_routes(router: Router, commands: ObjectionCommands) -> None:
    """The routes of this room."""
    objections, personal = commands.objections, commands.personal

    @router.action("sync.object-to-record", status_code=201)
    async def object_to_record(
        body: NewObjection, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> ObjectionView:
        """Objects to a record: its city is told, and answers."""
        stored = await commands.object_to(caller, attempt, now(), body)
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/objections/{stored.state.id}"
        return objection_view(stored, caller, personal)

    @router.action("sync.list-objections")
    async def list_objections(
        caller: CallerOf,
        jurisdiction: Jurisdiction | None = None,
        state: State | None = None,
        record_id: _RecordId = None,
        mine: _Mine = False,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ObjectionView]:
        """Lists one's own objections, and for operators those to the records of their city, or of all for the alliance."""
        asked = {"jurisdiction": jurisdiction, "state": state, "record_id": record_id}
        return await queries.list_objections(objections, personal, caller, limit, cursor, **asked, mine=mine)  # type: ignore[arg-type]

    @router.action("sync.show-objection")
    async def show_objection(objection_id: str, caller: CallerOf, response: Response) -> ObjectionView:
        """Shows an objection to whoever made it, to its city and to the alliance."""
        stored = await queries.show_objection(objections, caller, objection_id)
        with_version(response, stored)
        return objection_view(stored, caller, personal)

    @router.action("sync.answer-objection")
    async def answer_objection(
        objection_id: str, body: Answer, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> ObjectionView:
        """Answers an objection: the record was corrected, or is not, with the reason. Whoever objected is told."""
        stored = await commands.answer(caller, attempt, now(), objection_id, body)
        with_version(response, stored)
        return objection_view(stored, caller, personal)
