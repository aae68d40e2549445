"""One OpenAPI document out of those of the services: the contract that clients are generated from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.cli.openapi import examples
from shared.values.problems import Problem

Document = dict[str, Any]

_DESCRIPTION = """The HTTP API of 沿沪宁协同创新集市, as the gateway serves it.

Lists answer `{items, next_cursor}`; errors are problem details (RFC 9457) with a stable `code` and a Chinese `detail` that
says what to do. A client ignores fields and values that it does not know: new ones are no breaking change.
"""
_PUBLIC = "/api/v1/"
_HEADERS: Document = {
    "X-Request-Id": ("the request's id, as all logs name it", {"type": "string"}, True),
    "ETag": ("the resource's version; for If-Match and If-None-Match", {"type": "string"}, False),
    "Location": ("where the resource is that was created or is being worked on", {"type": "string"}, False),
    "Idempotency-Replayed": ("the request is a repeat; nothing was done now", {"const": "true"}, False),
    "Retry-After": ("seconds to wait before the next attempt", {"type": "string", "pattern": "^[0-9]+$"}, False),
}

_IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "the ETag that the caller has; 304 when it is still the newest version",
    "schema": {"type": "string"},
}


def merged(documents: Mapping[str, Document], problems: Sequence[Problem], version: str) -> Document:
    """The public paths of all services, with every problem code, header and an example of each body."""
    paths: Document = {}
    schemas: Document = {}
    schemes: Document = {}
    for service, document in sorted(documents.items()):
        own = _without_collisions(service, document, schemas)
        paths |= {path: item for path, item in own["paths"].items() if path.startswith(_PUBLIC)}
        schemas |= own["components"]["schemas"]
        schemes |= own["components"].get("securitySchemes", {})
    used = _used(paths, schemas)
    whole: Document = {
        "openapi": "3.1.0",
        "info": {"title": "huning", "version": version, "description": _DESCRIPTION, "license": _license()},
        "servers": [{"url": "/", "description": "the gateway that this document came from"}],
        "tags": [{"name": service} for service in sorted(documents)],
        "paths": paths,
        "components": {
            "schemas": {name: schemas[name] for name in sorted(used)},
            "securitySchemes": schemes,
            "headers": {
                name: {"description": text, "schema": schema, "required": always}
                for name, (text, schema, always) in _HEADERS.items()
            },
        },
    }
    _name_problem_codes(whole, problems)
    examples.complete(whole["components"]["schemas"])
    for method, operation in operations_with_methods(whole):
        _describe_versions(method, operation)
        _describe_headers(method, operation)
        examples.add(operation, whole["components"]["schemas"], problems)
        _share_problems(operation["responses"], whole["components"].setdefault("responses", {}))
    return whole


def operations(document: Document) -> dict[str, Document]:
    """Action → operation."""
    return {operation["operationId"]: operation for _, operation in operations_with_methods(document)}


def operations_with_methods(document: Document) -> Iterable[tuple[str, Document]]:
    for item in document["paths"].values():
        yield from ((method, operation) for method, operation in item.items() if "operationId" in operation)


def _license() -> Document:
    return {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def _without_collisions(service: str, document: Document, taken: Document) -> Document:
    """The document, in which a schema that another service calls the same but shapes otherwise has the service's name."""
    own = document["components"]["schemas"]
    renamed = {name: f"{service.title()}{name}" for name in own if name in taken and taken[name] != own[name]}
    text = json.dumps(document, ensure_ascii=False)
    for name, new in renamed.items():
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{new}"')
    copied: Document = json.loads(text)
    schemas = copied["components"]["schemas"]
    copied["components"]["schemas"] = {renamed.get(name, name): schema for name, schema in schemas.items()}
    return copied


def _used(paths: Document, schemas: Document) -> set[str]:
    """The schemas that the paths refer to, directly or through others."""
    found: set[str] = set()
    waiting = _references(paths)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _references(schemas[name]) - found
    return found


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        here = {value["$ref"].rsplit("/", 1)[1]} if isinstance(value.get("$ref"), str) else set()
        return here.union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def _name_problem_codes(document: Document, problems: Sequence[Problem]) -> None:
    code = document["components"]["schemas"]["ProblemBody"]["properties"]["code"]
    code["x-extensible-enum"] = sorted({problem.code for problem in problems})


def _describe_versions(method: str, operation: Document) -> None:
    """Whoever reads one thing may ask whether the version that they have is still the newest."""
    parameters = operation.get("parameters", [])
    if method == "get" and any(each["in"] == "path" for each in parameters):
        operation["parameters"] = [*parameters, _IF_NONE_MATCH]
        operation["responses"]["304"] = {"description": "the version that the caller has is the newest"}


def _describe_headers(method: str, operation: Document) -> None:
    for status, response in operation["responses"].items():
        names = ["X-Request-Id"]
        if status.startswith("2") or status == "304":
            names += ["ETag"] if method == "get" else ["ETag", "Idempotency-Replayed"]
        names += ["Location"] if status in ("201", "202") else []
        names += ["Retry-After"] if status in ("409", "429", "503") else []
        response.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in names})


def _share_problems(responses: Document, shared: Document) -> None:
    """Refers to the answers that all operations have alike, instead of repeating them in each."""
    for status, response in responses.items():
        if status >= "4" and shared.setdefault(f"Problem{status}", response) == response:
            responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
