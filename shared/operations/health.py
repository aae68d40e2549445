"""Alive, ready, metrics. Ready means: this process can do its work now, and says what is missing when it cannot."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import mongo
from shared.access.tokens import Revocations
from shared.aggregates.outbox import Relay
from shared.messaging.kafka import Bus
from shared.messaging.status import ConsumerStatus
from shared.operations.log_comparison import Kind, last_results
from shared.operations.rotation import Rotation
from shared.projections.read_models import Reading
from shared.telemetry import CLOCK_AHEAD, LAG, LOG_COMPARED, LOG_DIFFERENCES, OUTBOX_WAITING, READY

_MEASURE_SECONDS = 5.0
"""Less than Prometheus waits for an answer: a hung database must not look like a dead process."""
CLOCK_OFF_SECONDS = 30.0
"""More than clocks that are kept in step ever differ, and less than tokens, signatures and deadlines forgive."""


@dataclass(frozen=True)
class Report:
    """What was found: `checks` are "ok" or what is wrong, `waiting` the documents with something to publish by collection, `log`
    by topic "ok" or how it and its owner are known to differ, `clock_ahead` the seconds that this process's clock is before
    the database's, None where that cannot be known."""

    ready: bool = False
    checks: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    log: Mapping[str, str] = field(default_factory=dict)
    consumers: Sequence[ConsumerStatus] = ()
    clock_ahead: float | None = None

    def document(self) -> dict[str, Any]:
        """As `readyz` answers it."""
        consumers = [asdict(each) for each in self.consumers]
        return {
            "ready": self.ready,
            "checks": {**self.checks, "waiting": self.waiting, "log": self.log, "consumers": consumers},
        }


@dataclass(frozen=True)
class Readiness:
    """Whether the process can do its work: database and broker reachable, its clock in step with the database's, outbox moving,
    everything started, every consumer at work. How much waits, how far consumers are behind, and whether log and owner match
    is shown and not judged (decisions 15 and 39).

    `extra` are further checks by name, each "ok" or what is wrong; `alone` says that no other replica may hold partitions.
    """

    client: mongo.Client
    database: mongo.Database
    bus: Bus
    relay: Relay
    revocations: Revocations
    readers: Callable[[], Sequence[Reading]]
    started: Callable[[], bool]
    extra: Mapping[str, Callable[[], str]]
    rotation: Rotation
    alone: bool
    log: Callable[[], Mapping[str, str]] = dict

    async def look(self) -> Report:
        """The state of the process now."""
        statuses = [await each.status() for each in self.readers()]
        clock_ahead = await self._clock_ahead()
        checks = {
            "mongodb": "unreachable" if clock_ahead is None else "ok",
            "clock": _clock(clock_ahead),
            "kafka": "ok" if await self.bus.is_up() else "unreachable",
            "outbox": self.relay.check(),
            "started": "ok" if self.started() else "starting",
            "revocations": "ok" if self.revocations.caught_up else "catching up",
            "requests": self.rotation.check(),
            **{name: check() for name, check in self.extra.items()},
        }
        well = all(value == "ok" for value in checks.values())
        working = all(each.works(alone=self.alone) for each in statuses)
        waiting = await self._waiting() if checks["mongodb"] == "ok" else {}
        return Report(well and working, checks, waiting, self.log(), statuses, clock_ahead)

    async def _clock_ahead(self) -> float | None:
        try:
            return await mongo.clock_ahead(self.client)
        except mongo.MongoFault:
            return None

    async def _waiting(self) -> dict[str, int]:
        """Nothing where the database went away since it was asked: the next look says so."""
        try:
            return await self.relay.waiting()
        except mongo.MongoFault:
            return {}


def _clock(ahead: float | None) -> str:
    """Whoever's clock is off takes good tokens for expired and signatures for stale. Unknown is no verdict on the clock."""
    if ahead is None or abs(ahead) <= CLOCK_OFF_SECONDS:
        return "ok"
    return f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the database's"


def health_router(readiness: Readiness) -> APIRouter:
    """GET healthz, readyz and metrics; outside the public API and its authorization, not routed by the gateway.

    `readyz/requests` is what the gateway itself looks at. It names itself, and every replica that it could ask.
    """
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        found = await readiness.look()
        return JSONResponse(found.document(), 200 if found.ready else 503)

    @router.get("/readyz/requests")
    async def ready_for_requests(request: Request) -> JSONResponse:
        looker = f"{request.client and request.client.host} {request.headers.get('x-looker')}"
        found = readiness.rotation.look(looker, len(request.headers.getlist("x-replicas")))
        return JSONResponse({"requests": found}, 200 if found == "ok" else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        await _measure(readiness)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _measure(readiness: Readiness) -> None:
    """Brings the gauges up to date; a world that does not answer in time is not ready."""
    found = Report()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_MEASURE_SECONDS):
            found = await readiness.look()
    READY.set(found.ready)
    for collection, documents in found.waiting.items():
        OUTBOX_WAITING.labels(collection).set(documents)
    if found.clock_ahead is not None:
        CLOCK_AHEAD.set(found.clock_ahead)
    for consumer in found.consumers:
        LAG.labels(consumer.group).set(consumer.lag)
    if found.checks.get("mongodb") == "ok":
        await _measure_comparisons(readiness)


async def _measure_comparisons(readiness: Readiness) -> None:
    """The last results of `huning log compare`. Where the database went away meanwhile, the gauges stay as they are."""
    try:
        results = await last_results(readiness.database)
    except mongo.MongoFault:
        return
    for each in results:
        LOG_COMPARED.labels(each["_id"]).set(each["at"].timestamp())
        for kind in Kind:
            LOG_DIFFERENCES.labels(each["_id"], kind.value).set(each[kind.value])
