"""A message that could not be handled, kept with the reason: whole, or its place where it is too big for a message."""

from typing import Literal

from shared.events.payload import Instant, Payload

Reason = Literal[
    "not_json",
    "no_id",
    "unknown_type",
    "future_version",
    "unexpected_tombstone",
    "oversize",
    "jurisdiction_mismatch",
    "invalid_payload",
    "handler_failed",
    "killed_the_process",
]


class DeadLetter(Payload):
    """Where the message stood, what it was (base64, byte for byte) and why it was parked."""

    id: str
    service: str
    group: str
    topic: str
    partition: int
    offset: int
    event_id: str | None
    reason: Reason
    error: str
    key: str | None
    value: str | None
    headers: tuple[tuple[str, str], ...]
    at: Instant
