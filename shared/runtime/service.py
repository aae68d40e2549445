"""A service put together: FastAPI application, aggregates with their relay, read models, reactions, timers, health.

`build(settings)` in a service's app.py lists the parts; this class starts them in any order of the world around:
the HTTP port answers at once, the rest waits for MongoDB, Kafka and the topics, and readiness says how far it is.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, TypeVar

import structlog
from fastapi import FastAPI
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from shared import mongo
from shared.access.signing_keys import Keys
from shared.access.tokens import ACCESS_TOKEN_SECONDS, Revocations, Tokens
from shared.aggregates.adopting import Gone, Take, never_gone, takes_nothing
from shared.aggregates.aggregates import Aggregates, not_published
from shared.aggregates.outbox import Relay
from shared.aggregates.republishing import Owned
from shared.aggregates.stored_state import StateSchema, Upcast
from shared.events.catalogue import type_of
from shared.events.envelope import Event
from shared.events.payload import Payload
from shared.events.topics import topic_of
from shared.http.door import Door, create_app
from shared.http.routes import Authenticate, Router
from shared.messaging.consuming import Consumer, Elsewhere, Subscription
from shared.messaging.faults import is_infrastructure
from shared.messaging.kafka import Bus
from shared.messaging.limits import ParkingLimit
from shared.messaging.marks import Marks
from shared.messaging.parking import Parking
from shared.messaging.publications import Publications
from shared.operations.audit import AUDIT_SECONDS, HEAD_SECONDS, Audit
from shared.operations.audit_routes import audit_routes
from shared.operations.dead_letters import DeadLetters
from shared.operations.health import Readiness, health_router
from shared.operations.log_watch import LOOK_SECONDS, WORK_SECONDS, LogWatch, Rereading
from shared.operations.pruning import PRUNE_SECONDS, Pruning
from shared.operations.retention import OF_A_READ_MODEL, read_model_row, rows_of
from shared.operations.rotation import Rotation
from shared.operations.routes import operator_routes
from shared.operations.todo import Waiting, todo_routes
from shared.projections.read_models import Lagging, Reading, ReadModel, Rebuildable
from shared.settings import Settings
from shared.telemetry import span
from shared.values.retention import Retention

log = structlog.get_logger(__name__)
A = TypeVar("A", bound=BaseModel)
Job = Callable[[], Awaitable[object]]
Adopted = Callable[[Sequence[Event]], Awaitable[None]]
React = Callable[[Event], Awaitable[None]]

_AGAIN_SECONDS = 0.5
_COUNT_SECONDS = 60.0
_NOTHING: Mapping[str, Retention] = MappingProxyType({})


class Service:
    """One process of a service. `name` is the service's; a second kind of process of it gives its own `process`."""

    def __init__(
        self, name: str, settings: Settings, *, process: str = "", keeps: Mapping[str, Retention] = _NOTHING
    ) -> None:
        """`keeps` has a row for each collection of the service beside those that every service has."""
        self.name, self.settings = name, settings
        self.process = process or name
        self.client = mongo.connect(settings)
        self.database = mongo.database(self.client, settings, name)
        self.bus = Bus(settings, f"{self.process}-{settings.replica}")
        self.publications = Publications(self.bus)
        self.revocations = Revocations(self.bus)
        self.tokens = Tokens(Keys(settings.jwks_url, ACCESS_TOKEN_SECONDS), self.revocations)
        self._authenticate: Authenticate = self.tokens.caller
        self.dead_letters = DeadLetters(self.database["dead_letters"], name)
        self.parking = Parking(self.bus, name, ParkingLimit(settings.parked_in_a_row, settings.parked_a_minute))
        self.read_models: dict[str, Rebuildable] = {}
        self.consumers: list[Consumer] = []
        self.ready = False
        self._stopping = False
        self._extra_checks: dict[str, Callable[[], str]] = {}
        self._needed: dict[str, Callable[[], str]] = {}
        self.rotation = Rotation(lambda: self.ready and self.revocations.caught_up, self._needed)
        self.kept: dict[str, StateSchema[Any]] = {}
        """The schemas of what this process stores, by collection."""
        self.retention = rows_of(name, keeps, settings.keep_days)
        """How long each collection is kept; those of read models have a row for all generations."""
        self._marks = Marks(self.database["consumer_marks"])
        self._outboxes: list[mongo.Collection] = []
        self.audit = Audit(self.database, name, settings.keys)
        self.log_watch = LogWatch(self.bus, self.database, f"{self.process}-{settings.replica}", self._rereading)
        self._relay = Relay(self._outboxes, self._publish)
        self._local: list[tuple[Job, Job]] = []
        self.adopted: list[Adopted] = []
        self._preparations: list[Job] = []
        self._jobs: list[Job] = []
        self._endings: list[Job] = []
        self._tasks: list[asyncio.Task[object]] = []
        self._routers: list[Router] = []
        self._elsewhere: list[Lagging] = []
        self._todo: list[Waiting] = []
        self._more_readers: list[Callable[[], Sequence[Reading]]] = []
        self.prepare(self.audit.prepare)
        self.every(AUDIT_SECONDS, self.audit.acts.append_due)
        self.every(HEAD_SECONDS, self.audit.log_head)
        if not self.is_worker:
            pruning = Pruning(self.database, self.retention)
            self.prepare(pruning.prepare)
            self.every(PRUNE_SECONDS, pruning.prune)
            self.every(_COUNT_SECONDS, self.dead_letters.count_open)
        self.every(LOOK_SECONDS, self.log_watch.look)
        self.every(WORK_SECONDS, self.log_watch.work)
        self.react("dead-letters", {"dead-letter.parked": self._keep_dead_letter})

    @property
    def is_worker(self) -> bool:
        """Whether this process works on data and answers nobody but operators."""
        return self.process != self.name

    @property
    def extra_checks(self) -> Mapping[str, Callable[[], str]]:
        """More for readiness: name → "ok" or what is wrong."""
        return self._extra_checks

    def check(self, name: str, look: Callable[[], str], *, needed: bool = False) -> None:
        """Readiness depends on this too: `look` answers "ok" or what is wrong.

        `needed`: no request can be answered without it, but by another replica, so that the gateway asks that one.
        """
        self._extra_checks[name] = look
        if needed:
            self._needed[name] = look

    def authenticate_with(self, made: Callable[[Authenticate], Authenticate]) -> None:
        """Callers are recognised by what is made here out of the way in which they were recognised so far: by their token."""
        self._authenticate = made(self._authenticate)

    def aggregates(
        self,
        collection: str,
        model: type[A],
        publishes: Callable[[A], Payload],
        *,
        upcasts: Sequence[Upcast] = (),
        take: Take[A] = takes_nothing,
        gone: Gone = never_gone,
    ) -> Aggregates[A]:
        """A collection of aggregates whose outboxes this process relays."""
        made = Aggregates(
            self.database[collection],
            model,
            publishes,
            nudge=self._relay.nudge,
            upcasts=upcasts,
            take=take,
            gone=gone,
        )
        self.kept[collection] = made.schema
        self._outboxes.append(made.collection)
        if publishes is not not_published:
            self.publishes(made)
        self._preparations.append(made.prepare)
        return made

    def publishes(self, owned: Owned) -> None:
        """A collection with a topic of its own, which can be published again as a whole."""
        topic = topic_of(self.name, owned.collection.name)
        assert topic is not None, f"{owned.collection.name} has no topic"
        self.log_watch.owned[topic.name] = owned

    def read_model(self, read_model: ReadModel) -> ReadModel:
        """A read model that this process keeps and serves."""
        read_model.attach(self.name, self.database, self._make_consumer, self.publications.are_complete)
        self.read_models[read_model.name] = read_model
        self.retention[read_model_row(read_model.name)] = OF_A_READ_MODEL
        self.dead_letters.handles(f"{self.name}.{read_model.name}", read_model.fold)
        self.prepare(read_model.locate)
        self._jobs.append(read_model.run)
        return read_model

    def react(self, group: str, reactions: Mapping[str, React]) -> None:
        """Calls a function for each event of these types (short names), in order per key, at least once."""
        self.consume(self.reaction(group, reactions))

    def reaction(self, group: str, reactions: Mapping[str, React]) -> Subscription:
        """The subscription behind `react`, for a service of several processes of which one reacts (`consumed_elsewhere`)."""
        topics = tuple(sorted({type_of(short).topic for short in reactions}))

        async def handle(events: Sequence[Event]) -> None:
            for event in events:
                if reaction := reactions.get(event.type.short):
                    with span(
                        f"react {event.type.short}", event.traceparent, kind=SpanKind.CONSUMER, event_id=event.id
                    ):
                        await reaction(event)

        return Subscription(f"{self.name}.{group}", topics, handle)

    def consume(self, subscription: Subscription) -> None:
        """Adds a subscription that handles batches itself."""
        self.consumers.append(self._make_consumer(subscription))

    def consumed_elsewhere(self, subscription: Subscription) -> None:
        """What another process of this service consumes: its dead letters are replayed and its lag is shown here."""
        self.dead_letters.handles(subscription.group, subscription.handle)
        self._elsewhere.append(Elsewhere(self.bus, subscription))

    def reads(self, readers: Callable[[], Sequence[Reading]]) -> None:
        """Adds what this process reads with beside consumers and read models, for readiness and metrics."""
        self._more_readers.append(readers)

    def lags(self, lagging: Lagging) -> None:
        """Adds what another process reads with, for `GET ops/{service}/lag`."""
        self._elsewhere.append(lagging)

    def local(self, start: Job, run: Job) -> None:
        """What needs nothing but this machine: `start` ends before the port opens, then `run` goes on like those of `run`."""
        self._local.append((start, run))

    def after_adopting(self, job: Adopted) -> None:
        """Runs after a log that was ahead was taken in, with the events that it knew better."""
        self.adopted.append(job)

    def prepare(self, job: Job) -> None:
        """Runs once before anything is consumed or served as ready, such as making indexes."""
        self._preparations.append(job)

    def run(self, job: Job) -> None:
        """A loop that runs as long as the process; when it ends by an exception the process ends, to be restarted."""
        self._jobs.append(job)

    def every(self, seconds: float, job: Job) -> None:
        """A timer. A fault of infrastructure is waited for; every replica may run it, so its writes are guarded."""

        async def ticking() -> None:
            while True:
                await asyncio.sleep(seconds)
                try:
                    await job()
                except Exception as error:
                    if not is_infrastructure(error):
                        raise
                    log.warning("timer.waiting", error=repr(error)[:300])

        self._jobs.append(ticking)

    def ending(self, job: Job) -> None:
        """Runs at the end, after consumers have stopped."""
        self._endings.append(job)

    def todo(self, *rows: Waiting) -> None:
        """Adds kinds of things that wait for somebody, for `GET {service}/todo`."""
        self._todo += rows

    def routes(self, router: Router) -> None:
        """Adds the service's public routes."""
        self._routers.append(router)

    def readers(self) -> list[Reading]:
        """Everything of this process that reads topics."""
        of_models = (each for model in self.read_models.values() for each in model.consumers)
        return [*self.consumers, *of_models, *(each for readers in self._more_readers for each in readers())]

    def _rereading(self) -> list[Rereading]:
        return [self.revocations, *(each for each in self.readers() if isinstance(each, Consumer))]

    def _lagging(self) -> list[Lagging]:
        return [*self.readers(), *self._elsewhere]

    @property
    def readiness(self) -> Readiness:
        """What `readyz` looks at."""
        return Readiness(
            self.client,
            self.database,
            self.bus,
            self._relay,
            self.revocations,
            self.readers,
            started=lambda: self.ready,
            extra=self._extra_checks,
            rotation=self.rotation,
            alone=self.settings.replica == 1,
            log=self.log_watch.findings,
        )

    def asgi(self) -> Door:
        """The application; its lifespan starts and stops everything."""
        app = create_app(f"huning {self.name}", self.settings, self._authenticate, lifespan=self._lifespan)
        app.recorder = self.audit.acts
        for router in self._routers:
            app.include_router(router)
        if not self.is_worker:
            routes = operator_routes(self.name, self.dead_letters, self.read_models, self._lagging, self.audit.acts)
            app.include_router(routes)
            app.include_router(todo_routes(self.name, self._todo, self.dead_letters))
            app.include_router(audit_routes(self.name, self.audit.trail))
        app.include_router(health_router(self.readiness))
        return app

    def _make_consumer(self, subscription: Subscription) -> Consumer:
        self.dead_letters.handles(subscription.group, subscription.handle)
        member = f"{self.process}-{self.settings.replica}"
        return Consumer(self.bus, subscription, self.parking, self._marks, member)

    async def _publish(self, event: Event) -> None:
        """What the relay does with an event before the outbox loses it."""
        await self.bus.publish(event)
        await self.audit.record(event)

    async def _keep_dead_letter(self, event: Event) -> None:
        await self.dead_letters.keep([event])

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        for start, run in self._local:
            await start()
            self._task(run())
        starting = self._task(self._start())
        try:
            yield
        finally:
            self._stopping = True
            starting.cancel()
            await self._stop()

    async def _start(self) -> None:
        while not await mongo.is_up(self.client):
            await asyncio.sleep(0.2)
        for job in self._preparations:
            await _patiently(job)
        await self.bus.start()
        await self.log_watch.begin()
        self._task(self.tokens.keys.run())
        self._task(self.revocations.run())
        if self._outboxes:
            self._task(self._relay.run())
        for read_model in self.read_models.values():
            await _patiently(read_model.start)
        # What reacts asks read models; those begin first, so that fewer events meet a read model that lacks their person.
        for consumer in self.consumers:
            await consumer.start()
        for job in self._jobs:
            self._task(job())
        self.ready = True
        log.info("service.ready")

    async def _stop(self) -> None:
        self.ready = False
        stops = [each.stop() for each in self.consumers] + [each.stop() for each in self.read_models.values()]
        await asyncio.gather(*stops, return_exceptions=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for job in self._endings:
            await job()
        await self.bus.stop()
        await mongo.close(self.client)

    def _task(self, work: Awaitable[object]) -> asyncio.Task[object]:
        task = asyncio.ensure_future(work)
        task.add_done_callback(self._end_the_process_if_it_failed)
        self._tasks.append(task)
        return task

    def _end_the_process_if_it_failed(self, task: asyncio.Future[object]) -> None:
        """A part that dies takes the process with it: a service without its relay would look well and lose its purpose.

        A cancellation from within, which some library let escape, is a death like any other.
        """
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is not None and not self._stopping:
            log.critical("service.part_died", exc_info=error)
            os.kill(os.getpid(), signal.SIGTERM)


async def _patiently(job: Job) -> None:
    """Does it, again where the database went away in the middle or takes no writes, such as on a full disk."""
    while True:
        try:
            await job()
            return
        except mongo.MongoFault as error:
            if not mongo.is_transient(error):
                raise
            log.warning("service.waiting", error=repr(error)[:300])
            await asyncio.sleep(_AGAIN_SECONDS)
