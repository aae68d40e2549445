"""The HTTP contract: one valid document, in which every operation explains itself, and which breaks no client unannounced."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from shared.access.table import RULES
from shared.cli.contracts import MERGED
from shared.cli.openapi.breaking import breaking_changes, unnamed
from shared.cli.openapi.merging import operations

RELEASED = sorted((MERGED.parent / "released").glob("*.json"))
CHANGELOG = MERGED.parents[2] / "CHANGELOG.md"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(json.loads(MERGED.read_text()))


def test_the_document_is_valid_openapi_31_and_has_every_row_of_the_access_table(document: dict[str, Any]) -> None:
    assert [error.message for error in Draft202012Validator(OPENAPI_31).iter_errors(document)] == []
    assert operations(document).keys() == RULES.keys()
    assert document["servers"]


def test_every_operation_says_in_a_sentence_what_it_does(document: dict[str, Any]) -> None:
    unclear = [action for action, each in operations(document).items() if not each.get("description", "").endswith(".")]
    assert unclear == []


def test_every_body_has_an_example_that_its_schema_admits(document: dict[str, Any]) -> None:
    """Of every operation the request, the answer, and the problems."""
    wrong = {}
    for action, operation in operations(document).items():
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for name, body in bodies.items():
            if found := wrong_examples(document, body):
                wrong[f"{action} {name}"] = found
    assert wrong == {}


def wrong_examples(document: dict[str, Any], body: dict[str, Any]) -> list[str]:
    if "$ref" in body:
        body = document["components"]["responses"][body["$ref"].rsplit("/", 1)[1]]
    found: list[str] = []
    for kind, media in body.get("content", {}).items():
        if not kind.endswith("json") or "schema" not in media:
            continue
        examples = (
            [media["example"]] if "example" in media else [e["value"] for e in media.get("examples", {}).values()]
        )
        found += [] if examples else ["no example"]
        validator = Draft202012Validator({**media["schema"], "components": document["components"]})
        found += [f"{error.json_path}: {error.message}" for each in examples for error in validator.iter_errors(each)]
    return found


def test_what_breaks_clients_of_the_last_version_is_in_the_changelog(document: dict[str, Any]) -> None:
    last = RELEASED[-1]
    changes = breaking_changes(json.loads(last.read_text()), document)
    told = unnamed(changes, CHANGELOG.read_text(), last.stem)
    assert told == [], f"name these actions in backquotes in CHANGELOG.md above {last.stem}, with what clients must do"


def body(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def api(asked: dict[str, Any], answered: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    """A document of one operation."""
    operation = {
        "operationId": "things.change",
        "parameters": list(parameters),
        "requestBody": {"content": {"application/json": {"schema": asked}}},
        "responses": {"200": {"content": {"application/json": {"schema": answered}}}},
    }
    return {"paths": {"/things": {"post": operation}}, "components": {"schemas": {}}}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
LEVEL = {"type": "string", "enum": ["low", "high"]}
OLD = api(body(name=TEXT, level=LEVEL), body(id=TEXT, level=LEVEL), {"in": "query", "name": "q"})


@pytest.mark.parametrize(
    ("new", "change"),
    [
        (api(body(level=LEVEL), OLD_ANSWER := body(id=TEXT, level=LEVEL)), "no longer takes .name"),
        (api({**body(name=TEXT, level=LEVEL, size=NUMBER)}, OLD_ANSWER), "needs .size"),
        (api(body(name=NUMBER, level=LEVEL), OLD_ANSWER), "no longer takes string in .name"),
        (api(body(name=TEXT, level={**LEVEL, "enum": ["low"]}), OLD_ANSWER), "no longer takes high in .level"),
        (api(OLD_BODY := body(name=TEXT, level=LEVEL), body(id=TEXT)), "no longer answers .level"),
        (api(OLD_BODY, {**OLD_ANSWER, "required": ["id"]}), "may leave out .level"),
        (api(OLD_BODY, body(id={"anyOf": [TEXT, {"type": "null"}]}, level=LEVEL)), "may answer null in .id"),
        (api(OLD_BODY, OLD_ANSWER), "no longer takes the query parameter q"),
        (api(OLD_BODY, OLD_ANSWER, {"in": "query", "name": "of", "required": True}), "needs the query parameter of"),
        ({**OLD, "paths": {}}, "is gone"),
        ({**OLD, "paths": {"/others": OLD["paths"]["/things"]}}, "moved from POST /things to POST /others"),
    ],
)
def test_a_change_that_clients_stumble_over_is_found(new: dict[str, Any], change: str) -> None:
    assert ("things.change", change) in breaking_changes(OLD, new)


def test_new_fields_values_and_parameters_break_nobody() -> None:
    asked = {**body(name=TEXT, level={**LEVEL, "enum": ["low", "high", "none"]}, note=TEXT), "required": ["name"]}
    answered = body(id=TEXT, level={**LEVEL, "enum": ["low", "high", "none"]}, note=TEXT)
    more = {"in": "query", "name": "more"}
    assert breaking_changes(OLD, api(asked, answered, *OLD["paths"]["/things"]["post"]["parameters"], more)) == []


def test_a_change_is_named_only_above_the_section_of_the_last_version() -> None:
    changes = [("things.change", "is gone")]
    assert unnamed(changes, "## Unreleased\n- `things.change`: gone\n\n## 0.1.0\n", "0.1.0") == []
    assert unnamed(changes, "## Unreleased\n\n## 0.1.0\n- `things.change`: new\n", "0.1.0") == changes
