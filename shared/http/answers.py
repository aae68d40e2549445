"""Problem details (RFC 9457): how a refusal, a fault or a bug becomes an answer, and how the answers are documented."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from shared import mongo
from shared.access.table import RULES
from shared.messaging.kafka import KafkaFault
from shared.values import problems
from shared.values.problems import Refusal
from shared.values.validation import refusal_of

log = structlog.get_logger(__name__)

_PATHS = [(compile_path(rule.path)[0], rule) for rule in RULES.values()]

Handler = Callable[[Request, Any], Awaitable[Response]]


class FieldErrorBody(BaseModel):
    """One wrong field."""

    field: str
    code: str
    message: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    request_id: str
    errors: list[FieldErrorBody] | None = None


PROBLEM_ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
    }
    for status, text in {
        400: "the request cannot be understood",
        401: "not logged in, or the credentials are not valid",
        403: "not allowed",
        404: "there is no such thing for this caller",
        405: "the path has no such method",
        408: "the body did not arrive in time",
        409: "the state does not allow it",
        412: "the version has moved on",
        413: "too large",
        415: "wrong content type",
        422: "fields are wrong",
        429: "too many requests",
        503: "unavailable for the moment",
    }.items()
}


def problem_response(request: Request, refusal: Refusal) -> JSONResponse:
    """The refusal as problem details."""
    problem = refusal.problem
    body: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": refusal.detail,
        "instance": request.url.path,
        "request_id": getattr(request.state, "request_id", ""),
    }
    if refusal.errors:
        body["errors"] = [vars(error) for error in refusal.errors]
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    return JSONResponse(body, problem.status, headers, media_type="application/problem+json")


async def _on_refusal(request: Request, refusal: Refusal) -> Response:
    return problem_response(request, refusal)


async def _on_invalid(request: Request, error: RequestValidationError) -> Response:
    return problem_response(request, refusal_of(error.errors()))


async def _on_http(request: Request, error: HTTPException) -> Response:
    known = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED}
    refusal = (
        Refusal(known[error.status_code])
        if error.status_code in known
        else Refusal(problems.BAD_REQUEST, reason="请求无法理解，请对照接口文档检查。")
    )
    response = problem_response(request, refusal)
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return response


async def _on_fault(request: Request, error: Exception) -> Response:
    if isinstance(error, mongo.MongoFault) and not mongo.is_transient(error):
        return await _on_bug(request, error)
    log.warning("http.unavailable", error=repr(error)[:300])
    return problem_response(request, Refusal(problems.UNAVAILABLE))


async def _on_bug(request: Request, error: Exception) -> Response:
    log.error("http.bug", exc_info=error)
    return problem_response(request, Refusal(problems.INTERNAL))


def _methods_of(request: Request) -> set[str]:
    """Every method that the table has for this path (RFC 9110: 405 must name them); beside the table all is read only."""
    path = request.url.path
    return {rule.method for pattern, rule in _PATHS if pattern.match(path)} or {"GET"}


HANDLERS: dict[Any, Handler] = {
    Refusal: _on_refusal,
    RequestValidationError: _on_invalid,
    HTTPException: _on_http,
    mongo.MongoFault: _on_fault,
    KafkaFault: _on_fault,
    TimeoutError: _on_fault,
    Exception: _on_bug,
}
