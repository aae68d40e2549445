"""Alive, ready, metrics. Ready means: this process can do its work now, and says what is missing when it cannot."""

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import mongo
from shared.telemetry import LAG, READY

if TYPE_CHECKING:
    from shared.service import Service

_STALE_POLL_SECONDS = 30.0
_MEASURE_SECONDS = 5.0
"""Less than Prometheus waits for an answer: a hung database must not look like a dead process."""


def health_router(service: "Service") -> APIRouter:
    """GET healthz, readyz and metrics; outside the public API and its authorization, not routed by the gateway."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        checks = await readiness(service)
        return JSONResponse({"ready": checks["ready"], "checks": checks["checks"]}, 200 if checks["ready"] else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        await _measure(service)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _measure(service: "Service") -> None:
    """Brings the gauges of readiness and lag up to date; a world that does not answer in time is not ready."""
    found: dict[str, Any] = {"ready": False, "checks": {"consumers": []}}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_MEASURE_SECONDS):
            found = await readiness(service)
    READY.set(found["ready"])
    for consumer in found["checks"]["consumers"]:
        LAG.labels(consumer["group"]).set(consumer["lag"])


async def readiness(service: "Service") -> dict[str, Any]:
    """Database and broker reachable, everything started, every consumer alive, assigned or idle by right, and fetching."""
    consumers = [*service.consumers, *(each for model in service.read_models.values() for each in model.consumers)]
    statuses = [await each.status() for each in consumers]
    checks: dict[str, Any] = {
        "mongodb": "ok" if await mongo.is_up(service.client) else "unreachable",
        "kafka": "ok" if await service.bus.is_up() else "unreachable",
        "started": "ok" if service.ready else "starting",
        "revocations": "ok" if service.revocations.caught_up else "catching up",
        **{name: check() for name, check in service.extra_checks.items()},
    }
    well = all(value == "ok" for value in checks.values())
    working = all(_works(each, alone=service.settings.replica == 1) for each in statuses)
    return {"ready": well and working, "checks": {**checks, "consumers": statuses}}


def _works(status: dict[str, Any], *, alone: bool) -> bool:
    """A consumer without partitions is well only in a further replica, where others may hold them all."""
    if not status["alive"] or status["stalled"]:
        return False
    if not status["assigned"]:
        return not alone
    return status["last_poll_age_s"] is None or status["last_poll_age_s"] < _STALE_POLL_SECONDS
