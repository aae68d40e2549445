"""All subjects. A new one is registered here; a new message is an entry in its subject's file."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import WithJsonSchema

from services.notifications.subjects import batches, challenges, claims, objections, organizations, saved_search_hits
from services.notifications.subjects.message import Message, Subject
from shared.events.envelope import Event

SUBJECTS: tuple[Subject, ...] = (
    organizations.SUBJECT,
    challenges.SUBJECT,
    claims.SUBJECT,
    saved_search_hits.SUBJECT,
    batches.SUBJECT,
    objections.SUBJECT,
)
MESSAGES: tuple[Message, ...] = tuple(message for subject in SUBJECTS for message in subject.messages)
GROUPS: tuple[str, ...] = tuple(subject.group for subject in SUBJECTS)
"""The groups of preferences, as people see them."""


def open_values(values: Iterable[str]) -> WithJsonSchema:
    """The values that are known today, for the documents; what was kept may have others."""
    return WithJsonSchema({"type": "string", "x-extensible-enum": sorted(set(values))})


EventName = Annotated[str, open_values(message.event for message in MESSAGES)]
"""The short name of an event that people are told of."""

_BY_EVENT = {message.event: subject for subject in SUBJECTS for message in subject.messages}


def subject_of(event: Event) -> Subject | None:
    """The subject that the event belongs to, or None for an event of which nobody is told."""
    return _BY_EVENT.get(event.type.short)
