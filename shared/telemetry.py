"""Telemetry in one call: JSON logs with trace ids, Prometheus metrics, OpenTelemetry where an endpoint is set.

Logs never hold a token, an openid, a phone number or anything of a claim; access logs name the route, not the caller.
"""

import asyncio
import io
import logging
import random
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, BinaryIO

import orjson
import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

from shared.settings import Settings

REQUESTS = Histogram("huning_http_request_seconds", "HTTP requests", ["method", "route", "status"])
OUTBOX_WAITING = Gauge(
    "huning_outbox_waiting_documents", "Documents with events that Kafka has not acknowledged yet", ["collection"]
)
OUTBOX_PUBLISHED = Counter("huning_outbox_published_events", "Events published from outboxes", ["collection"])
CONSUMED = Counter("huning_consumed_events", "Events handled", ["group", "outcome"])
PARKED = Counter("huning_dead_letters", "Messages parked with a reason", ["group", "reason"])
STALLED = Gauge("huning_consumer_stalled", "1 while a consumer waits for infrastructure to come back", ["group"])
FLOODED = Gauge("huning_consumer_flooded", "1 once a consumer has parked as much as it may and stopped", ["group"])
LAG = Gauge("huning_consumer_lag", "Records known of and not yet taken by this process", ["group"])
LOG_DIFFERENCES = Gauge(
    "huning_log_differences", "Aggregates whose last event and owner differed at the last comparison", ["topic", "kind"]
)
LOG_COMPARED = Gauge(
    "huning_log_compared_timestamp_seconds", "When the log was last compared with its owner", ["topic"]
)
OPEN_DEAD_LETTERS = Gauge(
    "huning_dead_letters_open", "Dead letters that nobody has settled; 10,000 at most are counted"
)
PRUNED = Counter("huning_pruned_documents", "Documents removed because their time was over", ["collection"])
REPUBLISHED = Counter("huning_republished_events", "Events that their owner published again", ["topic"])
REPUBLISHING = Gauge(
    "huning_republish_progress", "How much of a topic its owner has published again, 0-1; 1 once it is done", ["topic"]
)
LOG_WHOLE = Gauge(
    "huning_log_whole",
    "1 while the owner has published everything of a topic to the log that the topic is now",
    ["topic"],
)
READ_MODEL_WAITS = Gauge(
    "huning_read_model_waits",
    "1 while a new generation that has caught up does not take over for this reason",
    ["read_model", "reason"],
)
CLOCK_AHEAD = Gauge(
    "huning_clock_ahead_seconds", "This process's clock before the database's, at least; negative where it is behind"
)
READY = Gauge("huning_ready", "1 while this process says of itself that it can do its work")

_LINES_WAIT_SECONDS = 0.05
_LINES_BYTES = 32 * 1024
"""What is written out at once at most: half of what a pipe holds, so that its reader wakes up seldom and nobody waits."""
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer | None = None
"""Set where spans are sent somewhere. Without it a span is its two ids, which logs and events carry on."""
_here: ContextVar[tuple[str, str] | None] = ContextVar("trace", default=None)
"""Trace id and span id of what is done now, where spans are not sent."""
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def setup(service: str, settings: Settings) -> None:
    """Logs to stdout as JSON lines; traces to the OTLP endpoint when there is one. Once per process."""
    lines = open(sys.stdout.fileno(), "wb", buffering=_LINES_BYTES, closefd=False)  # noqa: SIM115  as long as the process
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _named(service, settings.replica),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level]),
        logger_factory=structlog.PrintLoggerFactory(io.TextIOWrapper(lines, encoding="utf-8")),
        cache_logger_on_first_use=False,
    )
    _bridge_standard_logging()
    if logging.getLevelNamesMapping()[settings.log_level] <= logging.INFO:
        global _access_line
        _access_line = _AccessLog(service, settings.replica, lines).write
    if settings.otlp_endpoint:
        _export_spans(service, settings.otlp_endpoint)


def _export_spans(service: str, endpoint: str) -> None:
    # Imported only here: it costs every start a quarter of a second.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    global _tracer
    provider = TracerProvider(resource=Resource.create({"service.name": f"huning-{service}"}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    _tracer = provider.get_tracer("huning")


class span:  # noqa: N801 used as `with span(…)`, like the context managers of the standard library
    """A span that goes on from where the message or request came from; `with` gives itself.

    Its trace id stands in every log line within, and so do the event's and the request's id, where it is about one.
    Where no spans are sent it is no more than its ids: OpenTelemetry's own would cost a third of a small request.
    """

    __slots__ = (
        "_about",
        "_attributes",
        "_bound",
        "_kind",
        "_name",
        "_recorded",
        "_recording",
        "_token",
        "_traceparent",
        "trace_id",
    )

    def __init__(
        self,
        name: str,
        traceparent: str | None = None,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        event_id: str | None = None,
        request_id: str | None = None,
        **attributes: int,
    ) -> None:
        self._name, self._traceparent, self._kind, self._attributes = name, traceparent, kind, attributes
        self._about = {"event_id": event_id} if event_id else {}
        if request_id:
            self._about["request_id"] = request_id

    def __enter__(self) -> "span":
        self._recorded: Span | None = None
        self._recording: AbstractContextManager[Span] | None = None
        if _tracer is None:
            here = _known(self._traceparent) or _here.get() or (_random_hex(128), _random_hex(64))
            self._token = _here.set(here)
            self.trace_id = here[0]
        else:
            self._record(_tracer)
        self._bound = structlog.contextvars.bind_contextvars(trace_id=self.trace_id, **self._about)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        structlog.contextvars.reset_contextvars(**self._bound)
        if self._recording is not None:
            self._recording.__exit__(kind, error, trace)
        else:
            _here.reset(self._token)

    def rename(self, name: str) -> None:
        """Gives the span the name that is known only now."""
        if self._recorded is not None:
            self._recorded.update_name(name)

    def _record(self, tracer: trace.Tracer) -> None:
        parent = _propagator.extract({"traceparent": self._traceparent}) if self._traceparent else None
        attributes: dict[str, str | int] = {**self._attributes, **self._about}
        self._recording = tracer.start_as_current_span(
            self._name, context=parent, kind=self._kind, attributes=attributes
        )
        self._recorded = self._recording.__enter__()
        self.trace_id = format(self._recorded.get_span_context().trace_id, "032x")


def current_traceparent() -> str | None:
    """The W3C traceparent of the current span, for a header or an outbox; None outside any."""
    if _tracer is None:
        here = _here.get()
        return f"00-{here[0]}-{here[1]}-01" if here else None
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def _known(traceparent: str | None) -> tuple[str, str] | None:
    """The ids of a traceparent; None where it is none."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return (found[1], found[2]) if found and found[1].strip("0") and found[2].strip("0") else None


def _random_hex(bits: int) -> str:
    return format(random.getrandbits(bits) or 1, f"0{bits // 4}x")


def access_line(**fields: Any) -> None:
    """One line for a request, as cheap as a line can be: it is written for each of them."""
    _access_line(fields)


class _AccessLog:
    """Writes access lines past the chain of processors, in the shape that the chain gives to all others.

    They are written out together, at the latest after a twentieth of a second: a system call for each line would cost as
    much as everything else about it. Other lines flush what stands before them, so the order holds.
    """

    def __init__(self, service: str, replica: int, out: BinaryIO) -> None:
        self._of_all = {"service": service, "replica": replica}
        self._out = out
        self._waiting = False

    def write(self, fields: dict[str, Any]) -> None:
        line = {**self._of_all, **fields, "event": "request", "level": "info", "timestamp": datetime.now(UTC)}
        self._out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
        if not self._waiting:
            self._waiting = True
            asyncio.get_running_loop().call_later(_LINES_WAIT_SECONDS, self._flush)

    def _flush(self) -> None:
        self._waiting = False
        self._out.flush()


def _through_structlog(fields: dict[str, Any]) -> None:
    structlog.get_logger("access").info("request", **fields)


_access_line: Callable[[dict[str, Any]], None] = _through_structlog


def _json(value: object, **_: object) -> str:
    return orjson.dumps(value, default=repr).decode()


def _named(service: str, replica: int) -> structlog.typing.Processor:
    def add(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"service": service, "replica": replica, **entry}

    return add


class OncePerOutage(logging.Filter):
    """Lets one line of a library's through, and none more until it has been quiet for a minute; the next says how many.

    While Kafka is away each of its clients complains several times a second, each in its own words, and readiness, metrics
    and our own lines say the same once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._last: float | None = None
        self._suppressed = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is shown."""
        at, last = self._clock(), self._last
        self._last = at
        if last is not None and at - last < _QUIET_SECONDS:
            self._suppressed += 1
            return False
        if self._suppressed:
            record.msg = f"{record.getMessage()} ({self._suppressed} lines were left out since the last one)"
            record.args = ()
            self._suppressed = 0
        return True


_QUIET_SECONDS = 60.0


class _ToStructlog(logging.Handler):
    """Sends what libraries log through the same JSON lines."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger(record.name)
        logger.log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)


def _bridge_standard_logging() -> None:
    handler = _ToStructlog()
    once = OncePerOutage()
    handler.addFilter(lambda record: not record.name.startswith("aiokafka") or once.filter(record))
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    # These two say every few milliseconds that a broker that is away is away; readiness and metrics say it better.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    logging.getLogger("pymongo").setLevel(logging.ERROR)
