"""CloudEvents 1.0 in Kafka's binary mode: attributes in headers, the payload as JSON in the value.

Source of the header names: the CloudEvents Kafka protocol binding 1.0, section 3.2.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.events.catalogue import CATALOGUE, OLDER, EventType, type_of, upcast
from shared.events.payload import Payload, rfc3339

Headers = list[tuple[str, bytes]]


class BadEvent(Exception):
    """A message that is no event of ours. `reason` is one of shared/events/dead_letters.py."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Event:
    """A fact about one aggregate. The id is `<aggregate id>/<version>`, so publishing it twice is the same event.

    `action` is the action that brought it about and `actor` the person or system that took it: an id, or a pseudonym
    where the type is sealed. An event of a sealed type never carries a traceparent, because the trace of a request would
    join the claim to the person who sent the request.
    """

    type: EventType
    subject: str
    version: int
    time: datetime
    data: Payload
    jurisdiction: str | None = None
    traceparent: str | None = None
    action: str | None = None
    actor: str | None = None
    topic: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "topic", self.type.topic)
        if self.type.sealed:
            object.__setattr__(self, "traceparent", None)

    @property
    def id(self) -> str:
        return f"{self.subject}/{self.version}"

    @property
    def key(self) -> bytes:
        return self.subject.encode()

    @property
    def value(self) -> bytes:
        return orjson.dumps(self.data.model_dump(mode="json"))

    @property
    def headers(self) -> Headers:
        """The CloudEvents attributes, in Kafka's binary mode."""
        attributes = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_source": f"/huning/{self.type.producer}",
            "ce_type": self.type.name,
            "ce_subject": self.subject,
            "ce_time": rfc3339(self.time),
            "ce_aggregateversion": str(self.version),
            "ce_jurisdiction": self.jurisdiction or "",
            "ce_action": self.action or "",
            "ce_actor": self.actor or "",
            "traceparent": self.traceparent or "",
            "content-type": "application/json",
        }
        return [(name, text.encode()) for name, text in attributes.items() if text]

    def to_document(self) -> dict[str, Any]:
        """As it waits in an outbox."""
        return {
            "id": self.id,
            "type": self.type.name,
            "subject": self.subject,
            "version": self.version,
            "time": self.time,
            "data": self.data.model_dump(mode="json"),
            "jurisdiction": self.jurisdiction,
            "traceparent": self.traceparent,
            "action": self.action,
            "actor": self.actor,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Event":
        """From an outbox. Documents that were written before there were actions and actors have neither.

        An event of an older version that waited through an upgrade is published as the newest one.
        """
        name, data = document["type"], document["data"]
        if name in OLDER:
            data = upcast(name, deepcopy(data))
        row = OLDER.get(name) or CATALOGUE[name]
        return cls(
            type=row,
            subject=document["subject"],
            version=document["version"],
            time=document["time"],
            data=row.model.model_validate(data),
            jurisdiction=document.get("jurisdiction"),
            traceparent=document.get("traceparent"),
            action=document.get("action"),
            actor=document.get("actor"),
        )


def event(
    short: str,
    subject: str,
    version: int,
    at: datetime,
    data: Payload,
    *,
    jurisdiction: str | None = None,
    traceparent: str | None = None,
    action: str | None = None,
    actor: str | None = None,
) -> Event:
    """An event of the newest version of the type with this short name, such as `challenge.published`."""
    return Event(type_of(short), subject, version, at, data, jurisdiction, traceparent, action, actor)


def read_event(headers: Iterable[tuple[str, bytes]], value: bytes | None, *, max_bytes: int = 1_000_000) -> Event:
    """The event in a Kafka record, checked against its contract; raises BadEvent with the reason, nothing else."""
    name, version, subject, attributes = _attributes(headers)
    if value is None:
        raise BadEvent("unexpected_tombstone", "a null value: deletions are events with deleted: true")
    if len(value) > max_bytes:
        raise BadEvent("oversize", f"{len(value)} bytes, at most {max_bytes}")
    row, data = _payload(name, value)
    jurisdiction = attributes.get("ce_jurisdiction") or None
    stated = getattr(data, "jurisdiction", None)
    if jurisdiction and stated and jurisdiction != stated:
        raise BadEvent("jurisdiction_mismatch", f"header {jurisdiction}, payload {stated}")
    return Event(
        row,
        subject,
        version,
        _time(attributes.get("ce_time", "")),
        data,
        jurisdiction,
        traceparent=attributes.get("traceparent"),
        action=attributes.get("ce_action"),
        actor=attributes.get("ce_actor"),
    )


def _payload(name: str, value: bytes) -> tuple[EventType, Payload]:
    """The payload by its contract, an older version's as the newest one."""
    try:
        if name in OLDER:
            return OLDER[name], OLDER[name].model.model_validate(upcast(name, orjson.loads(value)))
        return CATALOGUE[name], CATALOGUE[name].model.model_validate_json(value)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # An upcaster stumbles over what was never a payload of its version.
        raise BadEvent(*_why_invalid(value, error)) from error


def _attributes(headers: Iterable[tuple[str, bytes]]) -> tuple[str, int, str, dict[str, str]]:
    try:
        attributes = {name: raw.decode() for name, raw in headers}
    except UnicodeDecodeError as error:
        raise BadEvent("no_id", "headers are not UTF-8") from error
    subject, version = attributes.get("ce_subject", ""), attributes.get("ce_aggregateversion", "")
    if not subject or not version.isdecimal() or attributes.get("ce_id") != f"{subject}/{version}":
        raise BadEvent("no_id", "ce_id must be <ce_subject>/<ce_aggregateversion>")
    name = attributes.get("ce_type", "")
    if name not in CATALOGUE and name not in OLDER:
        raise BadEvent(*_why_unknown(name))
    return name, int(version), subject, attributes


def _why_unknown(name: str) -> tuple[str, str]:
    short, _, number = name.removeprefix("cn.huning.").rpartition(".v")
    known = [row for row in CATALOGUE.values() if row.short == short]
    if known and number.isdecimal():
        return "future_version", f"{name}: this service knows {known[-1].name}"
    return "unknown_type", f"{name or 'no type'} is not in the catalogue"


def _why_invalid(value: bytes, error: Exception) -> tuple[str, str]:
    try:
        orjson.loads(value)
    except ValueError:
        return "not_json", "the value is not JSON"
    return "invalid_payload", str(error)[:500]


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadEvent("invalid_payload", f"ce_time {text!r} is no RFC 3339 time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
