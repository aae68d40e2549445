"""What the fault tests hold a running system against."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from shared.runtime.service import Service
from shared.settings import Settings
from tests.stack import Stack


@pytest.fixture(scope="session")
def composed(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """Every service with the stack's own keys, started nowhere: projections that make what the running ones make."""
    home: Path = tmp_path_factory.mktemp("composed")
    settings = Settings(keys=stack.place.keys, home=home)
    made = {each.name: each.load()(settings) for each in entry_points(group="huning.services")}
    yield made
    for service in made.values():
        service.client.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever kills processes runs in `make test-slow`: a restart costs as much as a hundred requests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
