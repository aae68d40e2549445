"""What the fault tests hold a running system against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.service import Service
from tests.composing import composed as composing
from tests.stack import Stack


@pytest.fixture(scope="session")
def composed(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """Every service with the stack's own keys, started nowhere: projections that make what the running ones make."""
    with composing(stack.place.keys, tmp_path_factory.mktemp("composed")) as made:
        yield made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever kills processes runs in `make test-slow`: a restart costs as much as a hundred requests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
