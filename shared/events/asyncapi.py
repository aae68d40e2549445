"""The AsyncAPI 3.0 document of the bus: servers, topics, messages of every version that the log may hold.

Payloads stand under `components/schemas`, since AsyncAPI resolves references from the root of the document and knows JSON
Schema as of draft 7.
"""

import json
from functools import cache
from typing import Any

from shared.events.catalogue import CATALOGUE, EventType
from shared.events.contracts import EXAMPLES, SCHEMAS, Schema, schema_of
from shared.events.topics import TOPICS

_HEADERS = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_aggregateversion"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {
            "type": "string",
            "description": "`<aggregate id>/<version>`: published twice, it is the same event.",
        },
        "ce_source": {"type": "string"},
        "ce_type": {"type": "string"},
        "ce_subject": {
            "type": "string",
            "description": "The aggregate's id, which is the key of the Kafka record too.",
        },
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_aggregateversion": {"type": "string", "pattern": "^[0-9]+$"},
        "ce_jurisdiction": {"type": "string"},
        "ce_action": {"type": "string", "description": "The action that brought the event about."},
        "ce_actor": {"type": "string", "description": "Who took it: an id, a pseudonym on sealed claims."},
        "traceparent": {"type": "string", "description": "W3C Trace Context; never on sealed claims."},
        "content-type": {"type": "string", "const": "application/json"},
    },
}


@cache
def asyncapi() -> dict[str, Any]:
    """The document."""
    rows = CATALOGUE.values()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "huning",
            "version": "1",
            "description": (
                "Events of 沿沪宁协同创新集市: CloudEvents 1.0 in Kafka's binary mode, key = aggregate id. Values of "
                "`x-extensible-enum` grow: a reader keeps or ignores those that it does not know. The log holds older "
                "versions for ever."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {"host": "127.0.0.1:9092", "protocol": "kafka", "description": "`make up`"},
            "production": {"host": "kafka:9092", "protocol": "kafka", "description": "deploy/compose.yaml, inside it"},
        },
        "channels": {topic: _channel(topic) for topic in TOPICS},
        "operations": {
            f"{row.producer.replace(' ', '-')}.{row.short}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{row.topic}"},
                "messages": [{"$ref": f"#/channels/{row.topic}/messages/{row.name}"}],
            }
            for row in rows
        },
        "components": {
            "messages": {name: _message(name, row) for row in rows for name in _names(row)},
            "schemas": {
                key: schema for row in rows for name in _names(row) for key, schema in _schemas(name, row).items()
            },
        },
    }


def _names(row: EventType) -> list[str]:
    """The newest version and the older ones."""
    return [row.name, *(older.name for older in row.older)]


def _channel(topic: str) -> dict[str, Any]:
    declared = TOPICS[topic]
    names = [name for row in CATALOGUE.values() if row.topic == topic for name in _names(row)]
    configuration: dict[str, Any] = {
        name: int(value) if value.isdecimal() else value for name, value in declared.config.items()
    }
    configuration["cleanup.policy"] = declared.config["cleanup.policy"].split(",")
    kafka = {"topic": topic, "partitions": declared.partitions, "topicConfiguration": configuration}
    return {
        "address": topic,
        "description": declared.holds,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": {**kafka, "bindingVersion": "0.5.0"}},
    }


def _message(name: str, row: EventType) -> dict[str, Any]:
    example = json.loads((EXAMPLES / f"{name}.json").read_text())
    return {
        "name": name,
        "summary": row.description if name == row.name else f"an older version, which readers take as {row.name}",
        "headers": _HEADERS,
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
        "examples": [{"headers": example["headers"], "payload": example["value"]}],
        "x-producer": row.producer,
        "x-consumers": list(row.consumers),
    }


def _schemas(name: str, row: EventType) -> dict[str, Schema]:
    """The payload under the message's name, and each shape within it under `<message>.<shape>`."""
    schema = schema_of(row) if name == row.name else json.loads((SCHEMAS / f"{name}.json").read_text())
    shapes = {f"{name}.{shape}": each for shape, each in schema.get("$defs", {}).items()}
    whole = {key: value for key, value in schema.items() if key not in ("$schema", "$id", "$defs")}
    return {key: _as_draft_7(each, name) for key, each in {name: whole, **shapes}.items()}


def _as_draft_7(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_as_draft_7(each, name) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return {"$ref": f"#/components/schemas/{name}.{value['$ref'].rsplit('/', 1)[1]}"}
    return {("items" if key == "prefixItems" else key): _as_draft_7(each, name) for key, each in value.items()}
