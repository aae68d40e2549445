"""State outlives its code: every schema that was ever stored is read, and a rollback reads what came after it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import pytest
from annotated_types import BaseMetadata
from bson import json_util
from pydantic import AfterValidator, BaseModel, BeforeValidator, WrapValidator

from shared.aggregates.republishing import Owned
from shared.aggregates.stored_state import StateSchema
from shared.cli.contracts import unused_keys
from shared.events.envelope import read_event
from shared.events.payload import Instant
from shared.settings import Settings

STORED = Path(__file__).parent / "stored"
"""A golden document for every schema: `<service>.<collection>.<schema>.json`, in MongoDB's extended JSON."""
_INSTANT = [each for each in get_args(Instant) if isinstance(each, AfterValidator)]


def _schemas() -> Iterator[tuple[str, StateSchema[Any]]]:
    with unused_keys() as keys:
        for service in sorted(entry_points(group="huning.services"), key=lambda each: each.name):
            for collection, schema in sorted(service.load()(Settings(keys=keys)).kept.items()):
                yield f"{service.name}.{collection}", schema


def _owned() -> Iterator[tuple[str, Owned]]:
    with unused_keys() as keys:
        for service in entry_points(group="huning.services"):
            for each in service.load()(Settings(keys=keys)).log_watch.owned.values():
                yield f"{service.name}.{each.collection.name}", each


SCHEMAS = dict(_schemas())
OWNED = dict(_owned())
GOLDEN = sorted(STORED.glob("*.json"))


def golden(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json_util.loads(
        path.read_text(), json_options=json_util.JSONOptions(tz_aware=True, tzinfo=None)
    )
    return document


def schema_of(path: Path) -> StateSchema[Any]:
    return SCHEMAS[path.name.rsplit(".", 2)[0]]


def test_every_schema_that_was_ever_stored_has_a_golden_document_and_no_document_is_left_over() -> None:
    wanted = {f"{name}.{number}.json" for name, schema in SCHEMAS.items() for number in range(1, schema.number + 1)}
    assert {path.name for path in GOLDEN} == wanted


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_document_of_every_schema_is_read(path: Path) -> None:
    document = golden(path)
    state, unknown = schema_of(path).read(document)
    assert unknown == {}
    again, _ = schema_of(path).read(schema_of(path).written(state, unknown))
    assert again == state


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_yesterdays_code_reads_what_tomorrows_wrote_and_writes_back_what_it_does_not_know(path: Path) -> None:
    document = golden(path)
    tomorrow = {**document, "schema": 99, "state": _with_more(document["state"])}
    state, unknown = schema_of(path).read(tomorrow)
    assert unknown == {"more": "tomorrow"}
    written = schema_of(path).written(state, unknown)
    assert (written["schema"], written["state"]["more"]) == (schema_of(path).number, "tomorrow")
    assert state == schema_of(path).read(document)[0]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_document_of_every_schema_can_be_published_again(path: Path) -> None:
    """None of them says what it published: they were stored before documents kept that."""
    aggregates = OWNED.get(path.name.rsplit(".", 2)[0])
    if aggregates is None:
        return  # nobody else hears of these
    at = datetime(2026, 11, 1, tzinfo=UTC)
    document = {**golden(path), "_id": "a", "version": 3, "changed": {"action": "act", "actor": "who", "at": at}}
    again = aggregates.event_of(document)
    assert again is not None
    assert (again.id, again.action, again.actor, again.time) == ("a/3", "act", "who", at)
    assert read_event(again.headers, again.value).type == again.type


def _with_more(value: Any, depth: int = 0) -> Any:
    """The same with a field more at the top, and in each object below it."""
    if isinstance(value, dict):
        more = {"more": "tomorrow"} if depth == 0 or "name" in value else {}
        return {**{name: _with_more(each, depth + 1) for name, each in value.items()}, **more}
    return [_with_more(each, depth + 1) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_stored_model_knows_no_lengths_and_cleans_nothing(name: str) -> None:
    """Whoever tightens a rule about new input must not make old documents unreadable."""
    assert list(_limits(SCHEMAS[name].model, name)) == []


def _limits(model: type[BaseModel], path: str) -> Iterator[str]:
    assert model.model_config.get("extra") != "forbid", path
    for field, info in model.model_fields.items():
        limits = [each for each in info.metadata if isinstance(each, (BaseMetadata, BeforeValidator, AfterValidator))]
        yield from (f"{path}.{field}: {each}" for each in limits if each not in _INSTANT)
        if any(isinstance(each, WrapValidator) for each in info.metadata):
            continue  # it reads by a function of its own, which no rule of the annotation follows
        yield from _limits_within(info.annotation, f"{path}.{field}")


def _limits_within(annotation: Any, path: str) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _limits(annotation, path)
    elif annotation is not Instant and annotation is not datetime:
        for each in get_args(annotation):
            if isinstance(each, (BaseMetadata, BeforeValidator)):
                yield f"{path}: {each}"
            yield from _limits_within(each, path)
