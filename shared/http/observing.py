"""Around every request: a request id, a span, a metric and one access line that names the route, never the caller."""

import re
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.routes import new_request_id
from shared.telemetry import REQUESTS, span

log = structlog.get_logger("access")
_GIVEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What the gateway lets through too (deploy/gateway/Caddyfile), so that all logs name a request alike."""
_QUIET = {"/healthz", "/readyz", "/metrics"}


class Observing:
    """ASGI middleware; pure ASGI, so that streaming and cancellation stay as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _GIVEN.fullmatch(given) else new_request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = 500, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        traceparent = headers.get(b"traceparent", b"").decode("latin-1") or None
        bound = structlog.contextvars.bound_contextvars(request_id=request_id)
        with bound, span(scope["method"], traceparent) as current:
            try:
                await self.app(scope, receive, sending)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                current.update_name(f"{scope['method']} {route}")
                self._tell(scope["method"], route, status, time.perf_counter() - began)

    @staticmethod
    def _tell(method: str, route: str, status: int, seconds: float) -> None:
        REQUESTS.labels(method, route, status).observe(seconds)
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
