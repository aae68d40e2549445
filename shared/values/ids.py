"""Identifiers: UUIDv7, so that they sort by the time they were made."""

import uuid

import uuid_utils


def new_id() -> str:
    """A new UUIDv7 in its usual text form."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether the text is a UUID in its canonical form; anything else names nothing."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
