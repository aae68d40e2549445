"""Around every request: a request id, a span, a metric and one access line that names the route, never the caller."""

import re
import time
import uuid
from types import TracebackType
from typing import Any

from opentelemetry.trace import SpanKind
from prometheus_client import Histogram

from shared.http.reading import Request
from shared.telemetry import REQUESTS, access_line, span

_GIVEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What the gateway lets through too (deploy/gateway/Caddyfile), so that all logs name a request alike."""
_MEASURED: dict[tuple[str, str, int], Histogram] = {}
"""The histograms by method, route and status: few, and looking one up takes a lock."""


class Observation:
    """One request as logs, metrics and traces see it. `route` and `status` are set while it is answered."""

    def __init__(self, request: Request) -> None:
        given = request.header(b"x-request-id")
        self.request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.state.request_id = self.request_id
        self.method, self.route, self.status = request.method, "unmatched", 500
        self._span = span(
            self.method, request.header(b"traceparent") or None, kind=SpanKind.SERVER, request_id=self.request_id
        )

    def __enter__(self) -> "Observation":
        self._began = time.perf_counter()
        self._span.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = time.perf_counter() - self._began
        self._span.rename(f"{self.method} {self.route}")
        measured(self.method, self.route, self.status).observe(seconds)
        access_line(
            request_id=self.request_id,
            trace_id=self._span.trace_id,
            method=self.method,
            route=self.route,
            status=self.status,
            ms=round(seconds * 1000, 1),
        )
        self._span.__exit__(kind, error, trace)


def measured(method: str, route: str, status: int) -> Any:
    """The histogram of these labels."""
    key = (method, route, status)
    if key not in _MEASURED:
        _MEASURED[key] = REQUESTS.labels(*key)
    return _MEASURED[key]
