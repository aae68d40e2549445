"""What the audit trail learns at the door: every refusal of a right, and every act that no event tells of.

A row of the access table that is `recorded` is written down before it is done, and its outcome afterwards, so that an
act whose process was killed is in the trail as well. A refusal of a right (403) is recorded on every route.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.requests import Request

from shared.access.checking import VISITOR, Caller
from shared.access.rules import Rule
from shared.events.accounts import Role
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

API = "/api/v1/"
_DENIED = 403


class Recorder(Protocol):
    """Where acts and refusals go (shared/operations/acts.py)."""

    async def begin(self, mark: str, actor: str, action: str, subject: str, jurisdiction: str | None = None) -> str: ...

    async def end(self, act_id: str, result: str) -> None: ...

    async def refused(
        self, actor: str, action: str, subject: str, code: str, jurisdiction: str | None = None
    ) -> None: ...


@asynccontextmanager
async def outcome_recorded(recorder: Recorder | None, row: Rule, request: Request) -> AsyncIterator[None]:
    """Around the endpoint: what it does is recorded before and after, where the row asks for it."""
    if recorder is None or not row.recorded:
        yield
        return
    caller: Caller = request.state.caller
    mark = request.state.attempt.mark
    act = await recorder.begin(mark, caller.id, row.action, _subject(row, request), city_of(caller))
    try:
        yield
    except Refusal as refusal:
        await recorder.end(act, f"refused:{refusal.problem.code}")
        raise
    await recorder.end(act, "done")


async def record_refusal(recorder: Recorder | None, row: Rule, request: Request, refusal: Refusal) -> None:
    """Records that somebody who is known was refused a right."""
    caller: Caller = getattr(request.state, "caller", VISITOR)
    if recorder is None or caller == VISITOR or refusal.problem.status != _DENIED:
        return
    await recorder.refused(caller.id, row.action, _subject(row, request), refusal.problem.code, city_of(caller))


def city_of(caller: Caller) -> Jurisdiction | None:
    """The city whose trail a caller's act belongs to: the only one that they act for, if there is one."""
    cities = {city for city in caller.cities(Role.CITY_OPERATOR) if city is not None}
    if caller.agent_jurisdiction:
        cities.add(caller.agent_jurisdiction)
    return cities.pop() if len(cities) == 1 else None


def _subject(row: Rule, request: Request) -> str:
    """The path below the API. Where claims are concerned its pattern alone: an id would join the caller to a claim."""
    path = row.path if "claims" in row.path else str(request.scope["path"])
    return path.removeprefix(API)
