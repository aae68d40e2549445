"""Telemetry in one call: JSON logs with trace ids, Prometheus metrics, OpenTelemetry where an endpoint is set.

Logs never hold a token, an openid, a phone number or anything of a claim; access logs name the route, not the caller.
"""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span
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

LAG = Gauge("huning_consumer_lag", "Records known of and not yet taken by this process", ["group"])
READY = Gauge("huning_ready", "1 while this process says of itself that it can do its work")

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("huning")


def setup(service: str, settings: Settings) -> None:
    """Logs to stdout as JSON lines; traces to the OTLP endpoint when there is one. Once per process."""
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
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    _bridge_standard_logging()
    provider = TracerProvider(resource=Resource.create({"service.name": f"huning-{service}"}))
    if settings.otlp_endpoint:
        # Imported only here: it costs every start a quarter of a second.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def span(
    name: str, traceparent: str | None = None, *, event_id: str | None = None, **attributes: int
) -> Iterator[Span]:
    """A span that goes on from where the message or request came from. Its trace id stands in every log line within.

    So does the event's id, where it is about one event.
    """
    about = {"event_id": event_id} if event_id else {}
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=parent, attributes={**attributes, **about}) as current:
        trace_id = format(current.get_span_context().trace_id, "032x")
        with structlog.contextvars.bound_contextvars(trace_id=trace_id, **about):
            yield current


def current_traceparent() -> str | None:
    """The W3C traceparent of the current span, for a header or an outbox; None outside any."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def _json(value: object, **_: object) -> str:
    return orjson.dumps(value, default=repr).decode()


def _named(service: str, replica: int) -> structlog.typing.Processor:
    def add(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"service": service, "replica": replica, **entry}

    return add


class _ToStructlog(logging.Handler):
    """Sends what libraries log through the same JSON lines."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger(record.name)
        logger.log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)


def _bridge_standard_logging() -> None:
    logging.root.handlers = [_ToStructlog()]
    logging.root.setLevel(logging.WARNING)
    # These two say every few milliseconds that a broker that is away is away; readiness and metrics say it better.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    logging.getLogger("pymongo").setLevel(logging.ERROR)
