"""What every service answers to operators about itself: dead letters, lag, read models."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from shared import problems
from shared.dead_letters import DeadLetters
from shared.http import AttemptOf, CallerOf, Router
from shared.paging import Cursor, Limit, Page, decode_text, encode
from shared.problems import Refusal
from shared.read_models import Reading, Rebuildable


class Settlement(BaseModel):
    """Why a dead letter is replayed or discarded."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, Field(max_length=500)] = ""


def operator_routes(
    name: str,
    letters: DeadLetters,
    read_models: Mapping[str, Rebuildable],
    readers: Callable[[], Sequence[Reading]],
) -> Router:
    """The routes below /api/v1/ops/{name}, `name` being the service's."""
    router = Router()

    @router.action(f"{name}.list-dead-letters", response_model=Page[dict[str, Any]])
    async def list_dead_letters(
        _: CallerOf,
        status: Annotated[Literal["open", "replayed", "discarded"] | None, Query()] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[dict[str, Any]]:
        items, following = await letters.list(status, limit, decode_text(cursor))
        return Page(items=items, next_cursor=encode(following) if following else None)

    @router.action(f"{name}.replay-dead-letter")
    async def replay(_: CallerOf, __: AttemptOf, letter_id: str, settlement: Settlement) -> dict[str, Any]:
        return await letters.replay(letter_id, settlement.reason)

    @router.action(f"{name}.discard-dead-letter")
    async def discard(_: CallerOf, __: AttemptOf, letter_id: str, settlement: Settlement) -> dict[str, Any]:
        return await letters.discard(letter_id, settlement.reason)

    @router.action(f"{name}.show-lag", response_model=Page[dict[str, Any]])
    async def show_lag(_: CallerOf) -> Page[dict[str, Any]]:
        return Page(items=await _lags(readers()))

    @router.action(f"{name}.list-read-models", response_model=Page[dict[str, Any]])
    async def list_read_models(_: CallerOf) -> Page[dict[str, Any]]:
        return Page(items=[await each.describe() for each in read_models.values()])

    @router.action(f"{name}.rebuild-read-model", status_code=202)
    async def rebuild(_: CallerOf, __: AttemptOf, name: str) -> dict[str, Any]:
        read_model = read_models.get(name)
        if read_model is None:
            raise Refusal(problems.NOT_FOUND)
        return await read_model.rebuild()

    return router


async def _lags(readers: Sequence[Reading]) -> list[dict[str, Any]]:
    lags = await asyncio.gather(*(each.lag() for each in readers))
    return [
        {"group": each.group, "topic": place.topic, "partition": place.partition, "lag": lag}
        for each, of_each in zip(readers, lags, strict=True)
        for place, lag in sorted(of_each.items())
    ]
