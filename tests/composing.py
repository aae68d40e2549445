"""The services as their app.py composes them, started nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path

from shared.runtime.service import Service
from shared.settings import Settings


@contextmanager
def composed(keys: Path, home: Path) -> Iterator[dict[str, Service]]:
    """All of them by name, with these keys; their connections are closed at the end."""
    settings = Settings(keys=keys, home=home)
    made: dict[str, Service] = {each.name: each.load()(settings) for each in entry_points(group="huning.services")}
    try:
        yield made
    finally:
        for service in made.values():
            service.client.close()
