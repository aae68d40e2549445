"""What a client of the last version stumbles over in this one: operations and fields that are gone, needed or narrower.

A client sends what the old document asked for and reads what the old document promised; it ignores fields and values that it
does not know. Each change begins with the action, so that CHANGELOG can name it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = Mapping[str, Any]
Change = tuple[str, str]
"""The action, and what changed about it."""


def breaking_changes(old: Schema, new: Schema) -> list[Change]:
    """Action and change, sorted; empty when an old client notices nothing."""
    before, after = _operations(old), _operations(new)
    found: set[Change] = set()
    for action, (where, operation) in before.items():
        if action not in after:
            found.add((action, "is gone"))
            continue
        there, now = after[action]
        if where != there:
            found.add((action, f"moved from {where} to {there}"))
        changes = [
            *_parameters(operation, now),
            *_request(operation, now, old, new),
            *_answers(operation, now, old, new),
        ]
        found |= {(action, change) for change in changes}
    return sorted(found)


def unnamed(changes: Iterable[Change], changelog: str, last: str) -> list[Change]:
    """The changes whose action CHANGELOG does not name in backquotes above the section of the last version."""
    since = changelog.partition(f"\n## {last}")[0]
    return [change for change in changes if f"`{change[0]}`" not in since]


def _operations(document: Schema) -> dict[str, tuple[str, Schema]]:
    return {
        operation["operationId"]: (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "operationId" in operation
    }


def _parameters(old: Schema, new: Schema) -> Iterable[str]:
    before = {(each["in"], each["name"]): each for each in old.get("parameters", [])}
    after = {(each["in"], each["name"]): each for each in new.get("parameters", [])}
    for key in before.keys() - after.keys():
        yield f"no longer takes the {key[0]} parameter {key[1]}"
    for key, each in after.items():
        if each.get("required") and not before.get(key, {}).get("required"):
            yield f"needs the {key[0]} parameter {key[1]}"


def _request(old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterable[str]:
    if new.get("requestBody", {}).get("required") and not old.get("requestBody", {}).get("required"):
        yield "needs a body"
    after = new.get("requestBody", {}).get("content", {})
    for kind, media in old.get("requestBody", {}).get("content", {}).items():
        if kind not in after:
            yield f"no longer takes {kind}"
        else:
            was, now = _Known(media.get("schema", {}), old_root), _Known(after[kind].get("schema", {}), new_root)
            yield from (f"no longer takes {each}" for each in was.fields.keys() - now.fields.keys())
            yield from (f"needs {each}" for each in now.required - was.required if _parent(each) in was.fields)
            yield from (f"no longer takes {value} in {field}" for field, value in _gone(was, now))


def _answers(old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterable[str]:
    for status, answer in old["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in new["responses"]:
            yield f"no longer answers {status}"
            continue
        after = new["responses"][status].get("content", {})
        for kind, media in answer.get("content", {}).items():
            if kind not in after:
                yield f"no longer answers in {kind}"
                continue
            was, now = _Known(media.get("schema", {}), old_root), _Known(after[kind].get("schema", {}), new_root)
            yield from (f"no longer answers {each}" for each in was.fields.keys() - now.fields.keys())
            yield from (f"may leave out {each}" for each in was.required - now.required if each in now.fields)
            yield from (f"may answer {value} in {field}" for field, value in _gone(now, was) if _is_kind(value))


def _gone(was: "_Known", now: "_Known") -> Iterable[Change]:
    for field, kinds in was.fields.items():
        if field in now.fields:
            yield from ((field, kind) for kind in kinds - now.fields[field])


def _is_kind(value: str) -> bool:
    """Whether it is a type; another value of a known type is none that a client stumbles over."""
    return value in ("array", "boolean", "integer", "null", "number", "object", "string")


def _parent(field: str) -> str:
    return field.rpartition(".")[0]


class _Known:
    """The fields of a body by their path, the types and listed values of each, and which are always there."""

    def __init__(self, schema: Schema, root: Schema) -> None:
        self._schemas = root["components"]["schemas"]
        self.fields: dict[str, set[str]] = {}
        self.required: set[str] = set()
        self._walk("", schema, ())

    def _walk(self, path: str, schema: Schema, through: tuple[str, ...]) -> None:
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            if name not in through:
                self._walk(path, self._schemas[name], (*through, name))
            return
        kinds = self.fields.setdefault(path, set())
        kinds |= {schema["type"]} if isinstance(schema.get("type"), str) else set()
        kinds |= {str(value) for value in schema.get("enum", ())}
        for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            self._walk(path, choice, through)
        if isinstance(schema.get("items"), dict):
            self._walk(f"{path}[]", schema["items"], through)
        for name, inner in schema.get("properties", {}).items():
            self._walk(f"{path}.{name}", inner, through)
            if name in schema.get("required", ()):
                self.required.add(f"{path}.{name}")
