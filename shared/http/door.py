"""The door of every service: one ASGI application through which a request goes once.

It is matched by its path, named and traced, authenticated, admitted by the access table, counted against its caller's
budget, read within bounds, parsed strictly, and only then handed to the endpoint. Every refusal, fault and bug becomes an
answer here: an exception that left the application would make the server close a connection that others use.
FastAPI knows the routes and describes them (OpenAPI); it serves only what is no route of the access table.
"""

from importlib import metadata
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from shared.access.checking import VISITOR, admit
from shared.http import conditions
from shared.http.admission import Admission
from shared.http.answers import answer_to, not_allowed, problem_response
from shared.http.binding import Inputs
from shared.http.documenting import WRITES, document_common_parts
from shared.http.observing import Observation
from shared.http.parsing import attempt_of, json_of, key_of, query_of
from shared.http.paths import Found, Paths
from shared.http.reading import ClientGone, Request
from shared.http.recording import Recorder, outcome_recorded, record_refusal
from shared.http.routes import Authenticate, Route
from shared.settings import Settings
from shared.values import problems
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)
_NOBODY_THERE = 499
"""What logs call a request whose client hung up."""


class Answer(Response):
    """The answer while it is made: endpoints set headers, and the status where it is not the route's own."""

    def __init__(self) -> None:  # Response's own would encode an empty body and its headers first
        self.status_code, self.body, self.background = 0, b"", None
        self.raw_headers: list[tuple[bytes, bytes]] = []

    def fill(self, route: Route, content: bytes) -> "Answer":
        """With its content and status."""
        self.status_code = self.status_code or route.status_code or 200
        self.body = content
        if self.status_code != 204:
            self.raw_headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        return self


class Door(FastAPI):
    """The application that the server runs."""

    def __init__(self, title: str, settings: Settings, authenticate: Authenticate, **options: Any) -> None:
        super().__init__(
            title=title,
            version=metadata.version("huning"),
            docs_url=None,
            redoc_url=None,
            separate_input_output_schemas=False,
            **options,
        )
        self._admission, self._authenticate = Admission.of(settings), authenticate
        self._paths: Paths | None = None
        self.recorder: Recorder | None = None
        """Where acts and refusals go; None for an application without an audit trail."""
        document_common_parts(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        if self._paths is None:
            self._paths = Paths(self.routes)
        if scope["path"] in self._paths.described:
            await self._serve_described(scope, receive, send)
            return
        request = Request(scope, receive, self._admission.in_flight, self._admission.body_seconds)
        with Observation(request) as observation:
            try:
                response = await self._answered(request, self._paths, observation)
                observation.status = response.status_code
                await _send(request, response, send)
            except ClientGone:
                observation.status = _NOBODY_THERE
            finally:
                request.release()

    async def _answered(self, request: Request, paths: Paths, observation: Observation) -> Response:
        """What the route answers, or what the exception becomes."""
        try:
            found = _route_of(request, paths)
            if isinstance(found, Response):
                return found
            observation.route = found.route.path
            return await self._recorded(request, found)
        except ClientGone:
            raise
        except Exception as error:
            return answer_to(request, error)

    async def _recorded(self, request: Request, found: Found) -> Response:
        """What the route answers; that the caller was refused a right goes into the audit trail."""
        try:
            return await self._handled(request, found)
        except Refusal as refusal:
            await record_refusal(self.recorder, found.route.rule, request, refusal)
            raise

    async def _handled(self, request: Request, found: Found) -> Response:
        route, state = found.route, request.state
        request.limit, state.action = route.body_limit, route.rule.action
        caller = state.caller = await self._admission.caller(request, route.rule, self._authenticate)
        admit(route.rule.action, caller)
        self._admission.count(request, caller)
        query = query_of(request, route.binding.query_names)
        key = key_of(request) if route.wants_key else ""
        body = await request.body() if route.rule.method in WRITES and not route.reads_itself else b""
        if verify := request.scope["state"].get("verify_body"):
            await verify(body)
        if key and not route.reads_itself:
            state.attempt = await attempt_of(request, caller, key, body)
        value = json_of(request, body) if route.takes_json else None
        answer = Answer()
        arguments = route.binding.arguments(Inputs(request, answer, found.parameters, query, value))
        try:
            made = await self._called(request, route, arguments)
        except Refusal as refusal:
            if caller == VISITOR:
                self._admission.refused(request, refusal)
            raise
        response = made if isinstance(made, Response) else answer.fill(route, route.encoder.encode(made))
        return conditions.apply(request, route.rule, caller, response)

    async def _called(self, request: Request, route: Route, arguments: dict[str, Any]) -> Any:
        """What the endpoint returns; what it does is recorded where the row of the table says so."""
        if not route.rule.recorded:
            return await route.endpoint(**arguments)
        async with outcome_recorded(self.recorder, route.rule, request):
            return await route.endpoint(**arguments)

    async def _serve_described(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Health and documents, by FastAPI; a bug there ends no connection either."""
        began = False

        async def sending(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await super().__call__(scope, receive, sending)
        except Exception as error:
            log.error("http.bug", exc_info=error)
            if not began:
                request = Request(scope, receive, self._admission.in_flight, self._admission.body_seconds)
                await problem_response(request, Refusal(problems.INTERNAL))(scope, receive, send)


def create_app(title: str, settings: Settings, authenticate: Authenticate, **options: Any) -> Door:
    """An application with this door. OpenAPI 3.1 is served at /openapi.json."""
    return Door(title, settings, authenticate, **options)


def _route_of(request: Request, paths: Paths) -> Found | Response:
    """The route, by path and method; 404 and 405 as answers."""
    scope, path = request.scope, request.scope["path"]
    method = _meant(request, paths)
    if found := paths.find(path, "GET" if method == "HEAD" else method):
        if method != "HEAD":
            scope["method"] = method
        return found
    if methods := paths.methods(path):
        return not_allowed(request, methods)
    return problem_response(request, Refusal(problems.NOT_FOUND))


def _meant(request: Request, paths: Paths) -> str:
    """The method; of a POST that stands for a PATCH, as `wx.request` knows none, that PATCH."""
    override = request.header(b"x-http-method-override")
    if request.method != "POST" or not override:
        return request.method
    return "PATCH" if override.upper() == "PATCH" else override


async def _send(request: Request, response: Response, send: Send) -> None:
    """Sends the answer with the request's id. What is left of a body is dropped where little is, else the line ends."""
    head: list[tuple[bytes, bytes]] = [*response.raw_headers, (b"x-request-id", request.state.request_id.encode())]
    if response.status_code >= 400 and not await request.drain():
        head += [(b"connection", b"close"), (b"x-body-unread", b"true")]
    if isinstance(response, StreamingResponse):
        await _stream(request, response, head, send)
        return
    await send({"type": "http.response.start", "status": response.status_code, "headers": head})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})


async def _stream(request: Request, response: StreamingResponse, head: list[tuple[bytes, bytes]], send: Send) -> None:
    """Sends piece by piece. An exception in the middle ends the connection: the client must not take the piece for all."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": head}
        await send(message)

    await response(request.scope, request.receive, sending)
