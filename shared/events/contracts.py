"""The contracts as documents: a JSON Schema per event type, and what counts as a breaking change."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared.events.catalogue import EventType
from shared.events.topics import TOPICS

Schema = dict[str, Any]
HERE = Path(__file__).parent
SCHEMAS, EXAMPLES = HERE / "schemas", HERE / "examples"


def schema_of(row: EventType) -> Schema:
    """The JSON Schema (2020-12) of a type's payload, as readers get it."""
    schema = row.model.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:huning:{row.name}", **schema}


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """What a reader of the old schema could stumble over in the new one; empty when nothing.

    A reader may rely on: every field it knew is still there, always present where it was, and of no wider type. Another
    value of an open set is none, because readers keep what they do not know; one that is gone was renamed.
    """
    return sorted(_compare("", _resolved(old, old), _resolved(new, new), old, new))


def _compare(path: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterable[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, was in before.items():
        where = f"{path}.{name}" if path else name
        if name not in after:
            yield f"{where}: removed"
            continue
        if name in old.get("required", []) and name not in new.get("required", []):
            yield f"{where}: no longer always present"
        yield from _compare_value(where, _resolved(was, old_root), _resolved(after[name], new_root), old_root, new_root)


def _compare_value(where: str, was: Schema, now: Schema, old_root: Schema, new_root: Schema) -> Iterable[str]:
    wider = _kinds(now, new_root) - _kinds(was, old_root)
    if wider:
        yield f"{where}: may now also be {', '.join(sorted(wider))}"
    for value in sorted(_known(was, old_root) - _known(now, new_root)):
        yield f"{where}: no longer knows {value}"
    for ours, theirs in zip(_objects(was, old_root), _objects(now, new_root), strict=False):
        yield from _compare(where, ours, theirs, old_root, new_root)


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _kinds(schema: Schema, root: Schema) -> set[str]:
    """The types and enumerated values that the schema admits, as a set of words."""
    if "anyOf" in schema:
        return {kind for each in schema["anyOf"] for kind in _kinds(_resolved(each, root), root)}
    if "enum" in schema:
        return {f"={value}" for value in schema["enum"]}
    if "const" in schema:
        return {f"={schema['const']}"}
    kind = schema.get("type", "anything")
    return (
        {f"{kind} of {each}" for each in _kinds(_resolved(schema["items"], root), root)}
        if "items" in schema
        else {kind}
    )


def _known(schema: Schema, root: Schema) -> set[str]:
    """The known values of the open sets within a value."""
    alternatives = [_resolved(each, root) for each in schema.get("anyOf", [schema])]
    items = [_resolved(each["items"], root) if "items" in each else each for each in alternatives]
    return {value for each in items for value in each.get("x-extensible-enum", [])}


def _objects(schema: Schema, root: Schema) -> list[Schema]:
    """The object shapes within a value: itself, its alternatives, its items."""
    alternatives = [_resolved(each, root) for each in schema.get("anyOf", [schema])]
    items = [_resolved(each["items"], root) if "items" in each else each for each in alternatives]
    return [each for each in items if "properties" in each]


def orphans(catalogue: Mapping[str, EventType], schemas: Path, examples: Path) -> list[str]:
    """Types without schema or example, and schemas and examples without a type; each as a sentence.

    An older version keeps both for ever.
    """
    written, shown = {each.stem for each in schemas.glob("*.json")}, {each.stem for each in examples.glob("*.json")}
    named = catalogue.keys() | {older.name for row in catalogue.values() for older in row.older}
    return [
        *(f"{name}: no schema, run `huning contracts generate`" for name in sorted(named - written)),
        *(f"{name}: no golden example in {examples.name}/" for name in sorted(named - shown)),
        *(f"{name}: a schema without a type" for name in sorted(written - named)),
        *(f"{name}: an example without a type" for name in sorted(shown - named)),
        *(f"{row.name}: topic {row.topic} is not declared" for row in catalogue.values() if row.topic not in TOPICS),
    ]
