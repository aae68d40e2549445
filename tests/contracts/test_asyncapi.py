"""The AsyncAPI document of the bus is valid by AsyncAPI's own schema, and names all that the log may hold."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shared.events.asyncapi import asyncapi
from shared.events.catalogue import CATALOGUE, OLDER
from shared.events.contracts import EXAMPLES
from shared.events.topics import TOPICS

_SCHEMA = Path(__file__).parent / "asyncapi" / "schema-3.0.0.json"
"""https://github.com/asyncapi/spec-json-schemas, `schemas/3.0.0.json`, Apache License 2.0 (npm: @asyncapi/specs 6.11.1)."""

DOCUMENT = asyncapi()


def references(value: Any) -> Iterator[str]:
    """Every reference within a value."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def resolved(reference: str) -> Any:
    """What it refers to in the document; KeyError where that is nothing."""
    found = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def whole(value: Any) -> Any:
    """A value with every reference replaced by what it refers to, as a validator sees it."""
    if isinstance(value, dict):
        return whole(resolved(value["$ref"])) if "$ref" in value else {key: whole(each) for key, each in value.items()}
    return [whole(each) for each in value] if isinstance(value, list) else value


def test_the_document_is_valid_by_the_schema_of_asyncapi() -> None:
    validator = jsonschema.Draft7Validator(json.loads(_SCHEMA.read_text()))
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(DOCUMENT)] == []
    # The parser validates channels once more with their messages in place.
    channels = {**DOCUMENT, "channels": whole(DOCUMENT["channels"])}
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(channels)] == []


def test_every_reference_leads_somewhere() -> None:
    for each in references(DOCUMENT):
        assert resolved(each) is not None


@pytest.mark.parametrize("name", sorted(CATALOGUE.keys() | OLDER.keys()))
def test_every_example_is_valid_by_the_schemas_of_its_message(name: str) -> None:
    message, example = DOCUMENT["components"]["messages"][name], json.loads((EXAMPLES / f"{name}.json").read_text())
    jsonschema.Draft7Validator(whole(message["payload"])).validate(example["value"])
    jsonschema.Draft7Validator(message["headers"]).validate(example["headers"])


def test_every_type_every_older_version_and_every_topic_is_named() -> None:
    names = set(CATALOGUE) | set(OLDER)
    assert set(DOCUMENT["components"]["messages"]) == names
    assert {name for channel in DOCUMENT["channels"].values() for name in channel["messages"]} == names
    assert set(DOCUMENT["channels"]) == set(TOPICS)
