"""What a document keeps of the event that it published last, so that its owner can publish the very same event again.

`published` stands beside `changed`: `{version, type, action, actor, at}`. `changed` cannot serve, since it is about the last
write, and not every write tells others. The payload follows from the state; where a write that tells nobody changes what it
would say, the payload is kept as `data` before that.

A document without it, or with one of another version (what an older version of this code wrote last), is read as well as can
be: from the event that still waits in its outbox, or else from `changed` with the type that its state suggests. Time, action
and actor are then those of the last write of any kind (docs/decisions/0039).
"""

from typing import Any

from shared.events.catalogue import CATALOGUE, OLDER, type_of
from shared.events.envelope import Event, event
from shared.events.payload import Payload
from shared.events.topics import TOPICS
from shared.events.types_of_states import type_of_state
from shared.mongo import Document


def kept(happened: Event) -> Document:
    """What the document keeps of the event that its owner publishes now."""
    return {
        "version": happened.version,
        "type": happened.type.name,
        "action": happened.action,
        "actor": happened.actor,
        "at": happened.time,
    }


def kept_on(document: Document, before: Payload, after: Payload) -> Document:
    """The same after a write that tells nobody: with the payload as it was told, where it would be another one now."""
    known = _known(document, before)
    if "data" in known or before == after:
        return known
    return {**known, "data": before.model_dump(mode="json")}


def again(document: Document, payload: Payload) -> Event:
    """The event of the present version, the same as it was. `payload` is what the state as it is now would say."""
    known = _known(document, payload)
    subject, version = document["_id"], document["version"]
    said: dict[str, Any] = {"jurisdiction": getattr(payload, "jurisdiction", None)}
    said |= {"action": known["action"], "actor": known["actor"]}
    if "data" in known:
        told = {"type": known["type"], "subject": subject, "version": version, "time": known["at"]}
        return Event.from_document({**told, "data": known["data"], **said})
    return event(_short(known["type"]), subject, version, known["at"], payload, **said)


def _known(document: Document, payload: Payload) -> Document:
    found: Document = document.get("published") or {}
    if found.get("version") == document["version"]:
        return found
    if waiting := _waiting(document):
        return {name: waiting.get(name) for name in ("version", "type", "action", "actor")} | {"at": waiting["time"]}
    changed = document.get("changed") or {}
    return {
        "version": document["version"],
        "type": type_of(type_of_state(payload, document["version"])).name,
        "action": changed.get("action"),
        "actor": changed.get("actor"),
        "at": changed.get("at") or _any_time(payload),
    }


def _waiting(document: Document) -> Document | None:
    """The event of the present version among what waits. Orders that wait with it may have the same id."""
    wanted = f"{document['_id']}/{document['version']}"
    of_state = (each for each in document.get("outbox", ()) if each["id"] == wanted and _is_of_a_state(each["type"]))
    return next(of_state, None)


def _is_of_a_state(name: str) -> bool:
    return TOPICS[(CATALOGUE.get(name) or OLDER[name]).topic].compacted


def _short(name: str) -> str:
    return (CATALOGUE.get(name) or OLDER[name]).short


def _any_time(payload: Payload) -> Any:
    """Of documents from before there was `changed`."""
    return getattr(payload, "updated_at", None) or getattr(payload, "created_at")  # noqa: B009
