"""Everything that is kept has a row that says how long, why, and who removes it; and every row is about something."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from deploy.local import supervision
from deploy.local.place import Place
from deploy.retention import COMPOSE_LOG_BYTES, COMPOSE_LOGS, PAGE, page
from shared import mongo
from shared.aggregates.runs import COLLECTION as RUNS
from shared.events.topics import TOPICS
from shared.operations.log_comparison import RESULTS
from shared.operations.retention import OF_EVERY_SERVICE
from shared.runtime.service import Service
from shared.settings import Settings
from shared.values.retention import By, Retention

ROOT = Path(__file__).parents[2]
MADE_LATER = {"read_models", RUNS, RESULTS}
"""Collections that are first used while a service runs."""


class Recording:
    """A database that remembers which collections were asked for."""

    def __init__(self, database: Any) -> None:
        self.asked: set[str] = set()
        self._database = database

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self._database[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


@pytest.fixture
def used(services: dict[str, Service], monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The collections that each service asks for, in all its processes."""
    settings = next(iter(services.values())).settings
    databases: dict[str, Recording] = {}
    plain = mongo.database

    def recording(client: Any, settings: Settings, service: str) -> Any:
        return databases.setdefault(service, Recording(plain(client, settings, service)))

    monkeypatch.setattr(mongo, "database", recording)
    for entry in entry_points(group="huning.services"):
        entry.load()(settings)
        module = SimpleNamespace(**vars(__import__(entry.module, fromlist=["app"])))
        if build_worker := getattr(module, "build_worker", None):
            build_worker(settings)
    return {name: database.asked | MADE_LATER for name, database in databases.items()}


def test_every_collection_of_every_service_has_a_row_and_no_row_is_about_nothing(
    services: dict[str, Service], used: dict[str, set[str]]
) -> None:
    rows = {
        name: {each for each in service.retention if not each.endswith(".g*")} for name, service in services.items()
    }
    assert rows == used


def test_every_read_model_has_a_row(services: dict[str, Service]) -> None:
    for service in services.values():
        generations = {name.removesuffix(".g*") for name in service.retention if name.endswith(".g*")}
        assert generations == {name for name, model in service.read_models.items() if hasattr(model, "generation")}


def test_a_collection_that_the_code_names_is_one_that_was_found(used: dict[str, set[str]]) -> None:
    """Whoever takes a collection where no composition sees it gives it a row all the same."""
    assert sorted(set(_named()) - set().union(*used.values())) == []


def _named() -> Iterator[str]:
    for folder in ("services", "shared"):
        for file in (ROOT / folder).rglob("*.py"):
            if "tests" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.Subscript(value=of, slice=ast.Constant(value=name)) if ast.unparse(of).endswith(
                        "database"
                    ):
                        yield str(name)


def _rows(services: dict[str, Service]) -> list[tuple[str, Retention]]:
    of_services = [
        (f"{name}.{each}", row) for name, service in services.items() for each, row in service.retention.items()
    ]
    return of_services + [(name, topic.kept) for name, topic in TOPICS.items()]


def test_a_row_says_why_and_who_and_from_when(services: dict[str, Service]) -> None:
    for name, row in _rows(services):
        assert row.holds, name
        assert row.why, name
        assert bool(row.counted) == (row.after is not None), name
        assert (row.by is By.TASK) == bool(row.settled), name
        assert (row.by is By.INDEX) == bool(row.expires), name
        assert row.least is None or (row.after is not None and row.least <= row.after), name


def test_an_owner_keeps_what_it_settled_for_longer_than_its_topic_does(services: dict[str, Service]) -> None:
    """Else a log would know what its owner has forgotten: `huning log compare` would call the owner the older one."""
    for topic in TOPICS.values():
        row = services[topic.producer].retention[topic.collection] if topic.collection else None
        if row is not None and row.after is not None:
            assert topic.kept.most is not None, topic.name
            assert row.least is not None, topic.name
            assert row.least >= topic.kept.most, topic.name


def test_a_settled_dead_letter_is_kept_until_its_topic_has_surely_forgotten_it() -> None:
    """A topic read anew would open it again. Kafka removes whole segments, each of a week."""
    row, topic = OF_EVERY_SERVICE["dead_letters"], TOPICS["huning.dead-letters"].kept
    assert row.least is not None
    assert topic.most is not None
    assert row.least >= topic.most + timedelta(days=14)


def test_the_page_shows_the_rows() -> None:
    assert PAGE.read_text() == page(), "run `make docs`"


def test_every_container_writes_a_bounded_log() -> None:
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    bounded = {"driver": "json-file", "options": {"max-size": COMPOSE_LOG_BYTES, "max-file": str(COMPOSE_LOGS)}}
    assert {name for name, each in compose["services"].items() if each.get("logging") != bounded} == set()


def test_every_log_of_make_up_is_rotated(tmp_path: Path) -> None:
    place = Place(tmp_path)
    written = supervision.settings(place, [])
    assert f"logfile_maxbytes={supervision.LOG_BYTES}" in written
    assert f"logfile_backups={supervision.OLD_LOGS}" in written
