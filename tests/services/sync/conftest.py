"""Sync on the run's database: its routes in this process with a caller of the test's choice, and its worker by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from services.sync.applying.worker import Worker
from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch, published
from services.sync.records.confirmed_codes import ConfirmedCode
from services.sync.records.portals import Portal
from services.sync.routes import router
from services.sync.store import Store
from shared.aggregates.aggregates import Aggregates, not_published
from shared.events.envelope import Event
from shared.mongo import Database
from shared.settings import Settings
from tests.door import Door, asking_as


@pytest.fixture
async def store(database: Database) -> Store:
    agents = Aggregates(database["agents"], Agent, not_published)
    batches = Aggregates(database["batches"], Batch, published)
    codes = Aggregates(database["confirmed_codes"], ConfirmedCode, not_published)
    portals = Aggregates(database["portals"], Portal, not_published)
    made = Store.of(database, agents, batches, codes, portals)
    await codes.prepare()
    await portals.prepare()
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
    kept = (store.intake, store.receipts, store.records, store.lists, store.withdrawals)
    return Worker(*kept, store.confirmed, log.publish)


@pytest.fixture
def at_the_door(store: Store, test_settings: Settings) -> Door:
    """A client whose requests come from this caller."""

    return lambda caller: asking_as(caller, "sync", test_settings, router(store), below="/api/v1/sync/")
