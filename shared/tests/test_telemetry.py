"""What log lines hold: while an event is reacted to its id and its trace, and of a parked message where it stands."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from aiokafka import ConsumerRecord
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from structlog.testing import capture_logs

from shared import telemetry
from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch
from shared.messaging.limits import ParkingLimit
from shared.messaging.parking import Parking
from shared.runtime.service import Service
from shared.settings import Settings
from shared.telemetry import OncePerOutage
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction

log = structlog.get_logger(__name__)
Line = dict[str, Any]


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    """The log lines as they would be printed."""
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as captured:
        yield cast(list[Line], captured)


def trace_id(number: int) -> str:
    return f"{number:032x}"


def order(number: int) -> Event:
    """An event of a trace of its own."""
    data = AdvanceBatch(batch_id=f"batch-{number}", jurisdiction=Jurisdiction.WUXI)
    traceparent = f"00-{trace_id(number)}-00f067aa0ba902b7-01"
    return event("batch.advance", f"batch-{number}", 1, now(), data, jurisdiction="wuxi", traceparent=traceparent)


async def test_every_log_line_of_a_reaction_holds_the_events_own_id_and_trace(
    lines: list[Line], tmp_path: Path
) -> None:
    async def react(_: Event) -> None:
        log.info("reacted")

    service = Service("sync", Settings(home=tmp_path))
    service.react("orders", {"batch.advance": react})
    await service.consumers[-1].subscription.handle([order(1), order(2)])
    log.info("afterwards")
    held = [(each["event"], each.get("event_id"), each.get("trace_id")) for each in lines]
    assert held == [
        ("reacted", "batch-1/1", trace_id(1)),
        ("reacted", "batch-2/1", trace_id(2)),
        ("afterwards", None, None),
    ]


class Published:
    """Stands for the bus where a dead letter is published."""

    def __init__(self) -> None:
        self.settings = Settings(prefix="t.")
        self.events: list[Event] = []

    async def publish(self, told: Event) -> None:
        self.events.append(told)


async def test_a_parked_message_is_logged_with_where_it_stands_why_and_its_ids(lines: list[Line]) -> None:
    headers = tuple(order(7).headers)
    record: Any = ConsumerRecord("t.huning.intake", 3, 41, 0, 0, b"batch-7", b"{", None, 0, 0, headers)
    bus = Published()
    await Parking(cast(Any, bus), "sync", ParkingLimit(50, 150)).park("sync.worker", record, "not_json", "{")
    (line,) = lines
    assert line == {
        "event": "consumer.parked",
        "log_level": "warning",
        "group": "sync.worker",
        "topic": "huning.intake",
        "partition": 3,
        "offset": 41,
        "reason": "not_json",
        "event_id": "batch-7/1",
        "trace_id": trace_id(7),
        "letter_id": bus.events[0].subject,
    }
    assert bus.events[0].traceparent == order(7).traceparent


async def test_a_message_without_ids_is_logged_without_them(lines: list[Line]) -> None:
    record: Any = ConsumerRecord("t.huning.intake", 3, 41, 0, 0, b"x", b"{", None, 0, 0, (("ce_id", b"\xff"),))
    await Parking(cast(Any, Published()), "sync", ParkingLimit(50, 150)).park("sync.worker", record, "no_id", "{")
    assert (lines[0]["offset"], lines[0]["reason"]) == (41, "no_id")


def line(text: str) -> logging.LogRecord:
    return logging.LogRecord("aiokafka.conn", logging.ERROR, __file__, 1, text, None, None)


def test_a_library_that_complains_all_the_time_is_one_line_until_it_has_been_quiet() -> None:
    times = iter((0.0, 0.5, 30.0, 89.0, 140.0, 200.0))
    once = OncePerOutage(lambda: next(times))
    first, again = line("away"), line("away once more")
    shown = [once.filter(each) for each in (first, *(line("still away") for _ in range(4)), again)]
    assert shown == [True, False, False, False, False, True]
    assert (first.getMessage(), again.getMessage()) == (
        "away",
        "away once more (4 lines were left out since the last one)",
    )


def test_a_span_says_whether_it_serves_asks_or_works_on_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    for kind in (SpanKind.SERVER, SpanKind.CONSUMER, SpanKind.PRODUCER, SpanKind.CLIENT):
        with telemetry.span(kind.name, kind=kind):
            pass
    assert [each.kind.name for each in exporter.get_finished_spans()] == [
        each.name for each in exporter.get_finished_spans()
    ]
