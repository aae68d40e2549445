"""Servers for the tests: one Kafka and one MongoDB per run, on their own ports, and databases of their own per test file."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer

from deploy.local import keys, mongodb
from shared import mongo
from shared.mongo import Database
from shared.runtime.service import Service
from shared.settings import Settings
from shared.values.ids import new_id
from tests.cities import Receipts, pushed_once
from tests.client import Api
from tests.composing import composed
from tests.faults.settling import caught_up
from tests.groups import ByRunningSystem
from tests.scale import SCALE, SEED
from tests.stack import PATIENT, Servers, Stack

INJECT = Path(__file__).parent / "faults" / "inject"
_SEEDED_SECONDS = 60.0


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Kafka and MongoDB alone, started once."""
    with Servers() as running:
        yield running


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """Every service as its app.py composes it, started nowhere."""
    folder: Path = tmp_path_factory.mktemp("keys")
    keys.make(folder)
    with composed(folder, folder) as made:
        yield made


@pytest.fixture(scope="module")
def test_settings(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose prefix nobody else has."""
    home: Path = tmp_path_factory.mktemp("home")
    return Settings(
        kafka=servers.kafka, mongodb=servers.mongodb, prefix=f"t{new_id()[-8:]}.", home=home, keys=home / "keys"
    )


@pytest.fixture
async def database(test_settings: Settings) -> AsyncIterator[Database]:
    """An empty database on the run's server."""
    client = mongo.connect(test_settings)
    name = f"{test_settings.prefix}{new_id()[-6:]}".replace(".", "_")
    yield client.get_database(name)
    await client.drop_database(name)
    await mongo.close(client)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole system, started once: two replicas of search, and processes that tests can kill at exact points.

    They load the tree that the tests run in, as a PYTHONPATH that stands there already says (tests/mutants).
    """
    path = os.pathsep.join(filter(None, [str(INJECT), os.environ.get("PYTHONPATH")]))
    with Stack(replicas={"search": 2}, settings={"PYTHONPATH": path, **PATIENT}) as running:
        running.run("huning", "accounts", "seed")
        client = Api(running.base_url)
        caught_up(running, client, _SEEDED_SECONDS)
        client.close()
        yield running


@pytest.fixture(scope="session")
def api(stack: Stack) -> Iterator[Api]:
    """The public API behind the gateway, with the sample accounts."""
    client = Api(stack.base_url)
    yield client
    client.close()


@pytest.fixture(scope="session")
def first_receipts(stack: Stack) -> Receipts:
    """The system with the eight cities' real files in it; their receipts."""
    return pushed_once(stack)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByRunningSystem:
    """Two workers start each system once, whatever `--dist` says."""
    return ByRunningSystem(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that tests recorded, on whichever worker they ran; `make soak` is run for them."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, figure in report.user_properties:
            terminalreporter.write_line(f"{name}: {figure}")


def pytest_report_header() -> str:
    """Says what the run stands on."""
    broker = os.environ.get("HUNING_KAFKA") or "a real Apache Kafka of its own"
    database = os.environ.get("HUNING_MONGODB") or mongodb.label(os.environ)
    return (
        f"broker: {broker}\ndatabase: {database}\nseed: SEED={SEED} repeats what is drawn at random, at SCALE={SCALE}"
    )
