"""Sync on the run's database: its routes in this process with a caller of the test's choice, and its worker by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.sync.applying.worker import Worker
from services.sync.routes import router
from services.sync.store import Store
from shared.aggregates.aggregates import Aggregates
from shared.events.envelope import Event
from shared.events.payload import Payload
from shared.mongo import Database
from shared.settings import Settings
from tests.door import Door, asking_as
from tests.services.sync.pushing import PERSONAL, SEALER


@pytest.fixture
async def store(database: Database) -> Store:
    made: list[Aggregates[Any]] = []

    def make(collection: str, model: type[Any], publishes: Callable[[Any], Payload], **more: Any) -> Aggregates[Any]:
        made.append(Aggregates(database[collection], model, publishes, **more))
        return made[-1]

    store = Store.of(database, make)
    for each in made:
        await each.prepare()
    await store.prepare()
    return store


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
    kept = (store.intake, store.receipts, store.records, store.lists, store.withdrawals)
    return Worker(*kept, store.confirmed, log.publish)


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Door:
    """A client whose requests come from this caller."""

    return lambda caller: asking_as(
        caller, "sync", test_settings, router(store, PERSONAL, SEALER), below="/api/v1/sync/"
    )
