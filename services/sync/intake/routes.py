"""HTTP: agents, and the way of a batch from its announcement to its commit."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from services.sync.intake import commands, queries, views
from services.sync.intake.batch import MAX_PART_BYTES, Batch
from services.sync.intake.bodies import NewAgent, NewBatch
from services.sync.intake.store import Intake
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, raw_body, say_if_replayed, with_version
from shared.values import problems
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

_NDJSON = "application/x-ndjson"

Shown = Callable[[Batch], Awaitable[views.BatchView]]
"""How a batch is shown. It is handed in, since the counts so far are known where batches are applied."""


def add_routes(router: Router, intake: Intake, shown: Shown) -> None:
    """The routes of this room."""
    _agents(router, intake)
    _pushing(router, intake, shown)


def _agents(router: Router, intake: Intake) -> None:
    @router.action("sync.register-agent", status_code=201)
    async def register_agent(
        body: NewAgent, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.AgentView:
        """Registers the public key of a city's agent."""
        stored = await commands.register_agent(intake, caller, attempt, now(), **dict(body))
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/agents/{stored.state.id}"
        return views.agent_view(stored.state)

    @router.action("sync.list-agents")
    async def list_agents(
        caller: CallerOf, jurisdiction: Jurisdiction | None = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Page[views.AgentView]:
        """Lists the agents of the caller's city."""
        return await queries.list_agents(intake, caller, jurisdiction, limit, cursor)

    @router.action("sync.show-agent")
    async def show_agent(agent_id: str, caller: CallerOf, response: Response) -> views.AgentView:
        """Shows an agent."""
        stored = await queries.show_agent(intake, caller, agent_id)
        with_version(response, stored)
        return views.agent_view(stored.state)

    @router.action("sync.remove-agent")
    async def remove_agent(agent_id: str, caller: CallerOf, attempt: AttemptOf, response: Response) -> views.AgentView:
        """Removes an agent; its signatures are refused from then on."""
        stored = await commands.remove_agent(intake, caller, attempt, now(), agent_id)
        with_version(response, stored)
        return views.agent_view(stored.state)


def _pushing(router: Router, intake: Intake, shown: Shown) -> None:
    @router.action("sync.open-batch", status_code=201)
    async def open_batch(body: NewBatch, caller: CallerOf, attempt: AttemptOf, response: Response) -> views.BatchView:
        """Announces a batch of rows; parts are put into it afterwards."""
        stored = await commands.open_batch(intake, caller, attempt, now(), **dict(body))
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/batches/{stored.state.id}"
        return await shown(stored.state)

    @router.action("sync.put-part", responses=views.GONE, openapi_extra=raw_body([_NDJSON], MAX_PART_BYTES))
    async def put_part(
        batch_id: str,
        number: Annotated[int, Field(ge=0, le=1_000_000)],
        caller: CallerOf,
        attempt: AttemptOf,
        request: Request,
        response: Response,
    ) -> views.PartView:
        """Puts one part of a batch: NDJSON, at most 8 MiB. The same part may be put again."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != _NDJSON:
            raise Refusal(problems.WRONG_CONTENT_TYPE, accepted="NDJSON")
        encoding = request.headers.get("content-encoding")
        head, replayed = await commands.put_part(
            intake, caller, attempt, batch_id, number, await request.body(), encoding
        )
        say_if_replayed(response, replayed)
        return views.PartView.model_validate(head.model_dump())

    @router.action("sync.delete-batch")
    async def delete_batch(batch_id: str, caller: CallerOf, attempt: AttemptOf, response: Response) -> views.BatchView:
        """Discards a batch that is not committed, or a snapshot that waits for approval, with its parts."""
        stored = await commands.delete_batch(intake, caller, attempt, now(), batch_id)
        with_version(response, stored)
        return await shown(stored.state)

    @router.action("sync.approve-batch", status_code=202)
    async def approve_batch(
        batch_id: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.BatchView:
        """Approves what a waiting snapshot would withdraw; it is applied in its turn."""
        stored = await commands.approve_batch(intake, caller, attempt, now(), batch_id)
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/batches/{batch_id}"
        return await shown(stored.state)

    @router.action("sync.commit-batch", status_code=202, responses=views.GONE)
    async def commit_batch(
        batch_id: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.BatchView:
        """Commits a batch whose parts are complete; it is applied in its turn."""
        stored = await commands.commit_batch(intake, caller, attempt, now(), batch_id)
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/batches/{batch_id}"
        return await shown(stored.state)
