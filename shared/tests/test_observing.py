"""What a request leaves behind for whoever looks later: a span that says what was asked for, by route."""

import httpx2
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import telemetry
from shared.access.checking import VISITOR, Caller
from shared.http.door import create_app
from shared.http.routes import Router
from shared.settings import Settings


async def test_a_span_is_named_by_method_and_route_and_not_by_what_the_caller_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    router = Router()

    @router.action("challenges.show")
    async def show(challenge_id: str) -> str:
        return challenge_id

    async def authenticate(_: object) -> Caller:
        return VISITOR

    app = create_app("challenges", Settings(), authenticate)
    app.include_router(router)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x/api/v1/") as client:
        await client.get("challenges/7")
        await client.get("nowhere/8")
    names = [each.name for each in spans.get_finished_spans()]
    assert names == ["GET /api/v1/challenges/{challenge_id}", "GET unmatched"]
