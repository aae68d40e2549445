"""What every service answers to operators about itself: dead letters, lag, read models."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar

from fastapi import Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.http.paging import Cursor, Limit, Page, decode_text, encode, page_of
from shared.http.reading import Request
from shared.http.recording import API, Recorder, city_of
from shared.http.routes import AttemptOf, CallerOf, Router, say_if_replayed
from shared.messaging.kafka import KafkaFault
from shared.operations import rebuilding
from shared.operations.dead_letter_views import LetterView, Status
from shared.operations.dead_letters import DeadLetters
from shared.operations.replaying import ReplaysView, replay_in_order
from shared.projections.read_models import Lagging, ReadModelView, Rebuildable
from shared.values import problems
from shared.values.problems import Problem, Refusal
from shared.values.readable import LINE

T = TypeVar("T")

LAG_UNKNOWN = Problem(
    "lag_unknown", 503, "暂时无法得知积压", "正在等待 Kafka 应答，请稍后再试；/readyz 说明缺的是什么。", retry_after=5
)
_LAG_SECONDS = 3.0
"""The first answer takes the time to connect, any other a few milliseconds."""


class Settlement(BaseModel):
    """Why a dead letter is replayed or discarded."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, Field(max_length=500)] = ""


class Unmasking(BaseModel):
    """Why somebody must read a message."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, Field(min_length=1, max_length=200), LINE]


class Replays(BaseModel):
    """Several dead letters, and why they are replayed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ids: Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(min_length=1, max_length=100)]
    reason: Annotated[str, Field(max_length=500)] = ""


class Rebuild(BaseModel):
    """How a read model is rebuilt. With `force` the new generation takes over whatever it holds, which is written into the
    audit trail."""

    model_config = ConfigDict(extra="forbid", strict=True)

    force: bool = False


class LagView(BaseModel):
    """How many records of a partition a group has yet to commit."""

    model_config = ConfigDict(frozen=True)

    group: str
    topic: str
    partition: int
    lag: int


def operator_routes(
    service: str,
    letters: DeadLetters,
    read_models: Mapping[str, Rebuildable],
    readers: Callable[[], Sequence[Lagging]],
    recorder: Recorder,
) -> Router:
    """The routes below /api/v1/ops/{service}."""
    router = Router()
    _letter_routes(router, service, letters, recorder)
    _read_model_routes(router, service, read_models, recorder)

    @router.action(f"{service}.show-lag")
    async def show_lag(_: CallerOf, limit: Limit = 20, cursor: Cursor = None) -> Page[LagView]:
        """Shows how far each consumer is behind, by partition."""
        return page_of(await _lags(readers()), limit, cursor)

    return router


def _letter_routes(router: Router, service: str, letters: DeadLetters, recorder: Recorder) -> None:
    @router.action(f"{service}.list-dead-letters")
    async def list_dead_letters(
        caller: CallerOf,
        status: Annotated[Status | None, Query()] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[LetterView]:
        """Lists the messages that could not be handled, newest first."""
        items, following = await letters.list(caller, status, limit, decode_text(cursor))
        return Page(items=items, next_cursor=encode(following) if following else None)

    @router.action(f"{service}.replay-dead-letter")
    async def replay(
        _: CallerOf, attempt: AttemptOf, letter_id: str, settlement: Settlement, response: Response
    ) -> LetterView:
        """Handles a dead letter again; it is settled when that succeeds."""
        return _answer(response, await letters.replay(letter_id, settlement.reason, attempt))

    @router.action(f"{service}.replay-dead-letters")
    async def replay_several(_: CallerOf, attempt: AttemptOf, wanted: Replays, response: Response) -> ReplaysView:
        """Handles several dead letters again, in the order in which each key's messages came."""
        ids = list(dict.fromkeys(wanted.ids))
        return _answer(response, await replay_in_order(letters, ids, wanted.reason, attempt))

    @router.action(f"{service}.unmask-dead-letter")
    async def unmask(
        caller: CallerOf, attempt: AttemptOf, letter_id: str, unmasking: Unmasking, request: Request
    ) -> LetterView:
        """Shows a dead letter with its message; who read it and why goes into the audit trail."""
        subject = request.scope["path"].removeprefix(API)
        action = f"{service}.unmask-dead-letter"
        act = await recorder.begin(attempt.mark, caller.id, action, subject, city_of(caller))
        shown = await letters.unmask(caller, letter_id, unmasking.reason)
        await recorder.end(act, f"done:{unmasking.reason}")
        return shown

    @router.action(f"{service}.discard-dead-letter")
    async def discard(
        _: CallerOf, attempt: AttemptOf, letter_id: str, settlement: Settlement, response: Response
    ) -> LetterView:
        """Discards a dead letter, with a reason."""
        return _answer(response, await letters.discard(letter_id, settlement.reason, attempt))


def _read_model_routes(
    router: Router, service: str, read_models: Mapping[str, Rebuildable], recorder: Recorder
) -> None:
    @router.action(f"{service}.list-read-models")
    async def list_read_models(_: CallerOf, limit: Limit = 20, cursor: Cursor = None) -> Page[ReadModelView]:
        """Lists the read models: which generation serves, and how current it is."""
        return page_of([await each.describe() for each in read_models.values()], limit, cursor)

    @router.action(f"{service}.rebuild-read-model", status_code=202)
    async def rebuild(
        _: CallerOf,
        attempt: AttemptOf,
        name: str,
        response: Response,
        wanted: Annotated[Rebuild, Body(default_factory=Rebuild)],
    ) -> ReadModelView:
        """Rebuilds a read model from the log while the present one serves."""
        read_model = read_models.get(name)
        if read_model is None:
            raise Refusal(problems.NOT_FOUND)
        response.headers["Location"] = f"/api/v1/ops/{service}/read-models"
        done = await rebuilding.rebuild(service, read_model, name, attempt, recorder, force=wanted.force)
        return _answer(response, done)


def _answer(response: Response, done: tuple[T, bool]) -> T:
    """What was done, marked when it is a repeat."""
    answer, replayed = done
    say_if_replayed(response, replayed)
    return answer


async def _lags(readers: Sequence[Lagging]) -> list[LagView]:
    """Refused with `lag_unknown` while Kafka does not answer."""
    try:
        async with asyncio.timeout(_LAG_SECONDS):
            lags = await asyncio.gather(*(each.lag() for each in readers))
    except (KafkaFault, OSError, TimeoutError) as error:
        raise Refusal(LAG_UNKNOWN) from error
    return [
        LagView(group=each.group, topic=place.topic, partition=place.partition, lag=lag)
        for each, of_each in zip(readers, lags, strict=True)
        for place, lag in sorted(of_each.items())
    ]
