"""HTTP: what is asked becomes a command or a query, what comes back becomes an answer."""

from typing import Annotated, Literal

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.sync import commands, queries, views
from services.sync.bodies import NewAgent, NewBatch
from services.sync.domain.batch import MAX_PART_BYTES
from services.sync.domain.part_bodies import inflated
from services.sync.store import Store
from shared.events.sync import Kind, Verdict
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, raw_body, say_if_replayed, with_version
from shared.values import problems
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

_NDJSON = "application/x-ndjson"


def router(store: Store) -> Router:
    """The public routes of sync."""
    router = Router()
    _agents(router, store)
    _pushing(router, store)
    _receipts(router, store)
    _public(router, store)
    return router


def _agents(router: Router, store: Store) -> None:
    @router.action("sync.register-agent", status_code=201)
    async def register_agent(
        body: NewAgent, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.AgentView:
        stored = await commands.register_agent(store, caller, attempt, now(), **dict(body))
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/agents/{stored.state.id}"
        return views.agent_view(stored.state)

    @router.action("sync.list-agents")
    async def list_agents(
        caller: CallerOf, jurisdiction: Jurisdiction | None = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Page[views.AgentView]:
        return await queries.list_agents(store, caller, jurisdiction, limit, cursor)

    @router.action("sync.show-agent")
    async def show_agent(agent_id: str, caller: CallerOf, response: Response) -> views.AgentView:
        stored = await queries.show_agent(store, caller, agent_id)
        with_version(response, stored)
        return views.agent_view(stored.state)

    @router.action("sync.remove-agent")
    async def remove_agent(agent_id: str, caller: CallerOf, attempt: AttemptOf, response: Response) -> views.AgentView:
        stored = await commands.remove_agent(store, caller, attempt, now(), agent_id)
        with_version(response, stored)
        return views.agent_view(stored.state)


def _pushing(router: Router, store: Store) -> None:
    @router.action("sync.open-batch", status_code=201)
    async def open_batch(body: NewBatch, caller: CallerOf, attempt: AttemptOf, response: Response) -> views.BatchView:
        stored = await commands.open_batch(store, caller, attempt, now(), **dict(body))
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/batches/{stored.state.id}"
        return await queries.batch_view(store, stored.state)

    @router.action("sync.put-part", openapi_extra=raw_body([_NDJSON], MAX_PART_BYTES))
    async def put_part(
        batch_id: str,
        number: Annotated[int, Field(ge=0, le=1_000_000)],
        caller: CallerOf,
        attempt: AttemptOf,
        request: Request,
        response: Response,
    ) -> views.PartView:
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != _NDJSON:
            raise Refusal(problems.WRONG_CONTENT_TYPE, header="Content-Type", accepted=_NDJSON)
        body = inflated(await request.body(), request.headers.get("content-encoding"))
        head, replayed = await commands.put_part(store, caller, attempt, batch_id, number, body)
        say_if_replayed(response, replayed)
        return views.PartView.model_validate(head.model_dump())

    @router.action("sync.commit-batch", status_code=202)
    async def commit_batch(
        batch_id: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.BatchView:
        stored = await commands.commit_batch(store, caller, attempt, now(), batch_id)
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/batches/{batch_id}"
        return await queries.batch_view(store, stored.state)


def _receipts(router: Router, store: Store) -> None:
    @router.action("sync.list-batches")
    async def list_batches(
        caller: CallerOf, jurisdiction: Jurisdiction | None = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Page[views.BatchView]:
        return await queries.list_batches(store, caller, jurisdiction, limit, cursor)

    @router.action("sync.show-batch")
    async def show_batch(batch_id: str, caller: CallerOf, response: Response) -> views.BatchView:
        stored, shown = await queries.show_batch(store, caller, batch_id)
        with_version(response, stored)
        return shown

    @router.action("sync.list-rows", response_model=Page[views.RowView], responses={200: {"content": {"text/csv": {}}}})
    async def list_rows(
        batch_id: str,
        caller: CallerOf,
        verdict: Verdict | None = None,
        format: Literal["json", "csv"] = "json",
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response | Page[views.RowView]:
        if format == "csv":
            lines = await queries.rows_as_csv(store, caller, batch_id, verdict)
            headers = {"Content-Disposition": f'attachment; filename="{batch_id}.csv"'}
            return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
        return await queries.list_rows(store, caller, batch_id, verdict, limit, cursor)


def _public(router: Router, store: Store) -> None:
    @router.action("sync.show-record")
    async def show_record(
        jurisdiction: Jurisdiction, kind: Kind, source_id: str, response: Response
    ) -> views.RecordView:
        record = await queries.show_record(store, jurisdiction, kind, source_id)
        response.headers["ETag"] = f'"{record.version}"'
        return record

    @router.action("sync.list-jurisdictions")
    async def list_jurisdictions(limit: Limit = 20, cursor: Cursor = None) -> Page[views.JurisdictionView]:
        return await queries.list_jurisdictions(store, now(), limit, cursor)
