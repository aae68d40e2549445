"""Routes named by their action in the access table, and what their endpoints take: the caller, the attempt, an empty body.

`@router.action("challenges.publish")` takes method, path, limits and who may call from the table. FastAPI learns of the
route for OpenAPI; the door (door.py) serves it.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from shared.access.checking import Caller, rule
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.http.answers import PROBLEM_ANSWERS
from shared.http.binding import Binding
from shared.http.documenting import extra_of, wants_key
from shared.http.encoding import Encoder

Authenticate = Callable[[Request], Awaitable[Caller]]


class Route(APIRoute):
    """A route of the access table, with everything that serving it takes worked out once."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if not inspect.iscoroutinefunction(endpoint):
            raise TypeError(f"{endpoint} is not asynchronous: it would hold the event loop or need a thread")
        self.rule = rule(self.operation_id or "")
        self.wants_key = wants_key(self.rule)
        raw = (self.openapi_extra or {}).get("x-raw-body", {})
        self.body_limit = int(raw.get("limit", self.rule.body_limit))
        self.reads_itself = bool(raw.get("unread"))
        if self.reads_itself and "agent" in self.rule.allow:
            raise TypeError(
                f"{self.rule.action} takes signatures, which the door verifies over a body that it has read"
            )
        self.takes_json = self.body_field is not None and not raw
        self.binding = Binding(self.dependant, self.body_field)
        self.encoder = Encoder(
            self.response_field,
            self.response_model,
            exclude_unset=self.response_model_exclude_unset,
            exclude_none=self.response_model_exclude_none,
        )

    def get_route_handler(self) -> Callable[[Any], Coroutine[Any, Any, Response]]:
        """What FastAPI would serve the route with: nothing gets past the door."""

        async def closed(request: Request) -> Response:
            raise RuntimeError(f"{request.url.path} was reached past the door")

        return closed


class Router(APIRouter):
    """Routes by action."""

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
