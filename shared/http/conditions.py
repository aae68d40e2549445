"""Conditional and cached answers (RFC 9110, 9111): 304 for a version that the client has, and how long an answer is fresh.

An ETag names the version of the resource's own state. What is derived beside it (counts, the caller's actions) is not part
of it, so what depends on the caller is never stored by a cache on its own (`no-store`).
"""

from starlette.responses import Response

from shared.access.checking import VISITOR, Caller
from shared.access.rules import Rule
from shared.http.reading import Request

_UNSTORED = (b"cache-control", b"no-store")
_VARY = (b"vary", b"Authorization")
_KEPT = {b"etag", b"cache-control", b"vary"}
"""What a 304 repeats of the answer that it stands for."""


def apply(request: Request, rule: Rule, caller: Caller, response: Response) -> Response:
    """The answer with its Cache-Control, or 304 without a body when the client has this version already."""
    readable = rule.method == "GET" and response.status_code == 200
    if readable and rule.fresh_seconds:
        fresh = (b"cache-control", b"public, max-age=%d" % rule.fresh_seconds)
        response.raw_headers += [fresh if caller == VISITOR else _UNSTORED, _VARY]
    else:
        response.raw_headers.append(_UNSTORED)
    if readable and (given := request.header(b"if-none-match")) and _has_it(given, response.headers.get("etag")):
        unchanged = Response(status_code=304)
        unchanged.raw_headers = [(name, value) for name, value in response.raw_headers if name in _KEPT]
        return unchanged
    return response


def _has_it(given: str, etag: str | None) -> bool:
    if etag is None:
        return False
    return given.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in given.split(",")}
