"""Problem details (RFC 9457): how a refusal, a fault or a bug becomes an answer, and how the answers are documented."""

from collections.abc import Iterable
from typing import Any

import orjson
import structlog
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from shared import mongo
from shared.messaging.kafka import KafkaFault
from shared.values import problems
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)

_LONGEST_INSTANCE = 300
_FAULTS = (mongo.MongoFault, KafkaFault, TimeoutError)


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


def problem_response(request: Request, refusal: Refusal) -> Response:
    """The refusal as problem details."""
    problem = refusal.problem
    body: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": refusal.detail,
        "instance": request.scope["path"][:_LONGEST_INSTANCE],
        "request_id": getattr(request.state, "request_id", ""),
    }
    if refusal.errors:
        body["errors"] = [vars(error) for error in refusal.errors]
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after:
        headers["Retry-After"] = str(problem.retry_after)
    return Response(orjson.dumps(body), problem.status, headers, media_type="application/problem+json")


def answer_to(request: Request, error: Exception) -> Response:
    """What an exception becomes: a refusal says its reason, a fault of infrastructure 503, anything else is a bug of ours."""
    if isinstance(error, Refusal):
        return problem_response(request, error)
    if isinstance(error, _FAULTS) and not (isinstance(error, mongo.MongoFault) and not mongo.is_transient(error)):
        log.warning("http.unavailable", error=repr(error)[:300])
        return problem_response(request, Refusal(problems.UNAVAILABLE))
    log.error("http.bug", exc_info=error)
    return problem_response(request, Refusal(problems.INTERNAL))


def not_allowed(request: Request, methods: Iterable[str]) -> Response:
    """405, with every method that the path takes (RFC 9110: it must name them)."""
    response = problem_response(request, Refusal(problems.METHOD_NOT_ALLOWED))
    response.headers["Allow"] = ", ".join(sorted(methods))
    return response
