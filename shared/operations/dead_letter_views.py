"""What operators see of a dead letter, and which city's operators see it beside the alliance's.

Default deny: a letter is a city's when its topic holds what a city may see of its own and the message names the city.
What tells of claims or people, what names two cities, and a draft, which is its organisation's alone, is no city's.
"""

import base64
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict

from shared.events.dead_letters import DeadLetter, Reason
from shared.events.payload import Instant
from shared.mongo import Document
from shared.operations.letter_masks import masked

Status = Literal["open", "replayed", "discarded"]

_CHALLENGES = "huning.challenges"
_OF_SYNC = {"huning.records", "huning.batches", "huning.intake", "huning.lists", "huning.objections"}
_OF_CITIES = frozenset({_CHALLENGES, "huning.organizations", *_OF_SYNC})


class LetterView(BaseModel):
    """A dead letter. `payload` is the message as text, null where it was too large to keep; `masked`: its words are hidden."""

    model_config = ConfigDict(frozen=True)

    id: str
    service: str
    group: str
    topic: str
    partition: int
    offset: int
    event_id: str | None
    reason: Reason
    error: str
    payload: str | None
    masked: bool
    at: Instant
    status: Status


def city_of(letter: DeadLetter) -> str | None:
    """The city that the message was about by its headers. None: the letter is the alliance's alone."""
    city = dict(letter.headers).get("ce_jurisdiction")
    content = _content(letter.value)
    if letter.topic not in _OF_CITIES or content.get("jurisdiction", city) != city:
        return None
    if letter.topic == _CHALLENGES and content.get("state", "draft") == "draft":
        return None
    return city


def letter_view(document: Document, *, whole: bool, unmasked: bool = False) -> LetterView:
    """The letter as it is kept, its message masked unless somebody said why they must read it.

    Not whole: without the trace of our own code, whose words may be about another's things.
    """
    hidden = not whole and document["reason"] == "handler_failed"
    shown = {name: document[name] for name in LetterView.model_fields if name not in ("payload", "masked")}
    payload = _text(document["value"], unmasked=unmasked)
    return LetterView(**shown | {"error": ""} if hidden else shown, payload=payload, masked=not unmasked)


def _content(value: str | None) -> dict[str, Any]:
    """The message's fields; none where it has no readable ones."""
    try:
        content = orjson.loads(base64.b64decode(value or ""))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _text(value: str | None, *, unmasked: bool) -> str | None:
    if value is None:
        return None
    message = base64.b64decode(value)
    return message.decode(errors="replace") if unmasked else masked(message)
