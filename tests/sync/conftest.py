"""Sync on the run's database: its routes in this process with a caller of the test's choice, and its worker by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.requests import Request

from services.sync.domain.agent import Agent
from services.sync.domain.batch import Batch, published
from services.sync.routes import router
from services.sync.store import Store
from services.sync.worker import Worker
from shared.access import Caller
from shared.aggregates import Aggregates, not_published
from shared.events.envelope import Event
from shared.http import create_app
from shared.mongo import Database
from shared.settings import Settings

Door = Callable[[Caller], httpx.AsyncClient]
"""Who asks → a client that asks for him."""


@pytest.fixture
async def store(database: Database) -> Store:
    agents = Aggregates(database["agents"], Agent, not_published)
    batches = Aggregates(database["batches"], Batch, published)
    made = Store.of(database, agents, batches)
    await agents.prepare()
    await batches.prepare()
    await made.prepare()
    return made


@dataclass
class Log:
    """What was published, in order."""

    events: list[Event] = field(default_factory=list)

    async def publish(self, events: Sequence[Event]) -> None:
        self.events += events

    def told(self) -> list[str]:
        """The short names, orders left out."""
        return [event.type.short for event in self.events if event.type.short != "batch.advance"]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def worker(store: Store, log: Log) -> Worker:
    return Worker(store, log.publish)


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Door:
    """A client whose requests come from this caller."""

    def client(caller: Caller) -> httpx.AsyncClient:
        async def authenticate(_: Request) -> Caller:
            return caller

        app = create_app("sync", test_settings, authenticate)
        app.include_router(router(store))
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sync/api/v1/sync/")

    return client
