"""What waits for the caller in a service, by kind, each with the link that lists it: `GET {service}/todo`. Clients add up."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from shared.access.checking import Caller, admits
from shared.http.routes import CallerOf, Router
from shared.operations.dead_letters import DeadLetters

MOST = 99
"""How far is counted: more than anybody does today."""


@dataclass(frozen=True)
class Waiting:
    """One kind. `count` answers how many wait for a caller, counted up to a limit, or None where it is not theirs to do."""

    kind: str
    chinese: str
    link: str
    count: Callable[[Caller, int], Awaitable[int | None]]


class WaitingView(BaseModel):
    """So many wait; `more`: and others that were not counted. `link` is a path of the API."""

    kind: str
    label: str
    count: int
    more: bool
    link: str


class TodoView(BaseModel):
    """Every kind that the caller may have to do, also where nothing waits."""

    items: list[WaitingView]


def todo_routes(service: str, rows: Sequence[Waiting], letters: DeadLetters) -> Router:
    """The route of a service; dead letters wait in each of them."""
    router = Router()
    every = (*rows, _dead_letters(service, letters))

    @router.action(f"{service}.show-todo", response_model=TodoView)
    async def show_todo(caller: CallerOf) -> TodoView:
        """Counts what waits for the caller here, by kind."""
        counted = [(row, await row.count(caller, MOST + 1)) for row in every]
        return TodoView(items=[_view(row, count) for row, count in counted if count is not None])

    return router


def _view(row: Waiting, count: int) -> WaitingView:
    return WaitingView(
        kind=row.kind, label=row.chinese, count=min(count, MOST), more=count > MOST, link=f"/api/v1/{row.link}"
    )


def _dead_letters(service: str, letters: DeadLetters) -> Waiting:
    async def count(caller: Caller, limit: int) -> int | None:
        return await letters.waiting(limit) if admits(f"{service}.replay-dead-letter", caller) else None

    return Waiting("dead_letters", "待处理的死信", f"ops/{service}/dead-letters?status=open", count)
