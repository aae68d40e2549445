"""The HTTP edge of every service: routes named by their action in the access table, strict bodies, problem details.

A request is read (bounded in size and time), authenticated, admitted by the table, counted against its caller's limit,
parsed strictly, and only then handed to the route.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from importlib import metadata
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import QueryParams

from shared.access.checking import Caller, admit, rule
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt, digest_of
from shared.http import json_body
from shared.http.answers import HANDLERS, PROBLEM_ANSWERS
from shared.http.documenting import document_common_parts, extra_of, wants_key
from shared.settings import Settings
from shared.values import problems
from shared.values.problems import Refusal
from shared.values.validation import refusal_of

Authenticate = Callable[[Request], Awaitable[Caller]]
_JSON_LIMIT = 1024 * 1024


class Route(APIRoute):
    """A route whose door stands open only for whom the table admits."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()
        action = self.operation_id or ""
        row = rule(action)
        takes_json = self.body_field is not None
        raw = (self.openapi_extra or {}).get("x-raw-body", {})
        known = _query_names(self)

        async def handle(request: Request) -> Response:
            request.state.action = action
            body = await _read(request, int(raw.get("limit", _JSON_LIMIT)))
            caller = await request.app.state.authenticate(request)
            request.state.caller = caller
            admit(action, caller)
            _limit(request, caller)
            _check_query(request, known)
            if wants_key(row):
                request.state.attempt = _attempt(request, caller, body)
            if takes_json and not raw:
                _check_json(request, body)
            return await original(request)

        return handle


class Router(APIRouter):
    """Routes by action: `@router.action("challenges.publish")` takes method and path from the access table."""

    def __init__(self) -> None:
        super().__init__(route_class=Route)

    def action(self, action: str, **options: Any) -> Callable[[Any], Any]:
        """KeyError for an action that is not in the table."""
        row = rule(action)
        options.setdefault("responses", {})
        options["responses"] = {**PROBLEM_ANSWERS, **options["responses"]}
        options["openapi_extra"] = {**options.get("openapi_extra", {}), **extra_of(row)}
        options.setdefault("tags", [row.service])
        return self.api_route(row.path, methods=[row.method], operation_id=action, **options)


def raw_body(media_types: Sequence[str], limit: int) -> dict[str, Any]:
    """openapi_extra of a route that reads its body itself, of at most `limit` bytes."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {"x-raw-body": {"limit": limit}, "requestBody": {"required": True, "content": content}}


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _made_attempt(request: Request) -> Attempt:
    attempt: Attempt = request.state.attempt
    return attempt


CallerOf = Annotated[Caller, Depends(_caller)]
"""The caller, admitted by the table."""
AttemptOf = Annotated[Attempt, Depends(_made_attempt)]
"""The attempt at a write: Idempotency-Key, If-Match and digest."""


class Nothing(BaseModel):
    """An empty object: the action says it all."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Empty = Annotated[Nothing, Body(default_factory=Nothing)]
"""The body of an action that needs no words; it may be left out."""


def with_version(response: Response, stored: Stored[Any]) -> None:
    """Sets the ETag, and says when the answer is a repeat."""
    response.headers["ETag"] = f'"{stored.revision}"'
    say_if_replayed(response, stored.replayed)


def say_if_replayed(response: Response, replayed: bool) -> None:
    """Marks an answer that is a repeat: nothing was done now."""
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"


def create_app(title: str, settings: Settings, authenticate: Authenticate, **options: Any) -> FastAPI:
    """An application with this edge. OpenAPI 3.1 is served at /openapi.json."""
    app = FastAPI(
        title=title,
        version=metadata.version("huning"),
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        **options,
    )
    app.state.authenticate = authenticate
    app.state.settings = settings
    app.state.limiter = MovingWindowRateLimiter(MemoryStorage())
    app.state.limit = RateLimitItemPerSecond(settings.rate_per_second)
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    document_common_parts(app)
    return app


async def _read(request: Request, limit: int) -> bytes:
    """The body, kept on the request for whoever reads it next."""
    refusal = Refusal(problems.TOO_LARGE, limit=f"{limit // 1024} KiB")
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise refusal
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(request.app.state.settings.body_timeout_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise refusal
                chunks.append(chunk)
    except TimeoutError as error:
        raise Refusal(problems.SLOW_BODY) from error
    request._body = b"".join(chunks)  # where Starlette keeps a body that was read
    return request._body


def _limit(request: Request, caller: Caller) -> None:
    who = caller.id if caller.id != "visitor" else request.headers.get("x-forwarded-for", "visitor")
    state = request.app.state
    if not state.limiter.hit(state.limit, who):
        raise Refusal(problems.TOO_MANY_REQUESTS)


def _query_names(route: APIRoute) -> set[str]:
    names: set[str] = set()
    pending = [route.dependant]
    while pending:
        dependant = pending.pop()
        names |= {field.alias for field in dependant.query_params}
        pending.extend(dependant.dependencies)
    return names


def _check_query(request: Request, known: set[str]) -> None:
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise refusal_of({"loc": ("query", name), "type": _why_unknown(name, known)} for name in unknown)
    if any("\x00" in value for value in request.query_params.values()):
        raise Refusal(problems.BAD_REQUEST, reason="查询参数中含有 NUL 字符，请去掉后重试。")
    given = [(name, value) for name, value in request.query_params.multi_items() if value]
    request._query_params = QueryParams(given)  # where Starlette keeps them: `status=` is as good as no status


def _why_unknown(name: str, known: set[str]) -> str:
    """`status[$ne]` is an object where `status` takes a text."""
    return "string_type" if name.partition("[")[0] in known else "extra_forbidden"


def _attempt(request: Request, caller: Caller, body: bytes) -> Attempt:
    key = request.headers.get("idempotency-key", "")
    if not (1 <= len(key) <= 128 and key.isascii() and key.isprintable()):
        raise Refusal(problems.IDEMPOTENCY_KEY_MISSING)
    digest = digest_of(request.method, request.url.path, request.url.query, body)
    return Attempt(caller.id, key, digest, _if_match(request))


def _if_match(request: Request) -> int | None:
    text = request.headers.get("if-match", "").strip()
    if not text or text == "*":
        return None
    number = text.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Refusal(problems.BAD_REQUEST, reason='If-Match 应为带引号的版本号，例如 "3"。')
    return int(number)


def _check_json(request: Request, body: bytes) -> None:
    if not body:
        request._json = {}
        return
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(problems.WRONG_CONTENT_TYPE, header="Content-Type", accepted="application/json")
    request._json = json_body.parse(body)  # where Starlette keeps a parsed body: FastAPI reads this one


def new_request_id() -> str:
    """For X-Request-Id when the gateway gave none."""
    return uuid.uuid4().hex
