"""Items: a published challenge or a city record, as the public may see it.

Pure: from an event to an item. The index is a fold of this one function.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from shared.events.challenges import ChallengeState
from shared.events.envelope import Event
from shared.events.payload import rfc3339
from shared.events.sync import RecordState
from shared.values.jurisdictions import Jurisdiction

ItemType = Literal["challenge", "record"]

TOPICS = ("huning.challenges", "huning.records")
"""The topics that search reads; the first is read before the others."""


@dataclass(frozen=True)
class Item:
    """An item. `body` is searched beside title and summary and shown nowhere but in a highlight."""

    id: str
    type: ItemType
    kind: str | None
    title: str
    summary: str | None
    body: str
    jurisdiction: Jurisdiction
    organization: dict[str, Any] | None
    status: str | None
    claimable: bool
    """Whether it takes claims, as its owner says."""
    tense: str | None
    industry: tuple[str, ...]
    deadline: datetime | None
    reward_fen: int | None
    location: tuple[float, float] | None
    """Longitude and latitude, GCJ-02."""
    portal_url: str | None
    updated_at: datetime
    valid_until: date | None = None
    """The last day on which it is found; None: for ever."""

    def is_current(self, day: date) -> bool:
        """Whether it is found on this day of Shanghai's."""
        return self.valid_until is None or day <= self.valid_until

    def shown(self) -> dict[str, Any]:
        """As it stands in every answer, in JSON's types."""
        place = self.location
        return {
            "id": self.id,
            "type": self.type,
            "kind": self.kind,
            "title": self.title,
            "summary": self.summary,
            "jurisdiction": self.jurisdiction.value,
            "organization": self.organization,
            "status": self.status,
            "tense": self.tense,
            "industry": list(self.industry),
            "deadline": rfc3339(self.deadline) if self.deadline else None,
            "reward_fen": self.reward_fen,
            "location": {"longitude": place[0], "latitude": place[1]} if place else None,
            "portal_url": self.portal_url,
            "updated_at": rfc3339(self.updated_at),
        }

    def texts(self) -> Iterator[str]:
        """The texts of the item that are searched beside its title."""
        yield from (text for text in (self.summary, self.body) if text)
        if self.organization:
            yield self.organization["name"]
        yield from self.industry
        yield self.jurisdiction.chinese


@dataclass(frozen=True)
class Gone:
    """The item is not there for the public, or no longer; its version is remembered, so that an older event does not bring
    it back."""

    id: str


def item_of(event: Event) -> Item | Gone | None:
    """The item after this event; None when the event is about nothing that can be an item."""
    if isinstance(event.data, ChallengeState):
        # Its owner says whether everybody may see it. One who does not say so has said no.
        return _of_challenge(event.data) if event.data.public else Gone(event.data.id)
    if isinstance(event.data, RecordState):
        return Gone(record_id(event.data)) if event.data.deleted else _of_record(event.data)
    return None


def record_id(record: RecordState) -> str:
    """The id of a record's item: `jurisdiction/kind/source_id`."""
    return f"{record.jurisdiction}/{record.kind}/{record.source_id}"


def _of_challenge(state: ChallengeState) -> Item:
    indicators = (f"{each.name} {each.target} {each.unit} {each.test_method}" for each in state.indicators)
    return Item(
        id=state.id,
        type="challenge",
        kind=None,
        title=state.title,
        summary=state.public_summary,
        body="\n".join(text for text in (state.problem, *indicators) if text),
        jurisdiction=state.jurisdiction,
        organization={"id": state.organization.id, "name": state.organization.name},
        status=state.state,
        claimable=state.claimable,
        tense=None,
        industry=state.industry,
        deadline=state.deadline,
        reward_fen=state.reward_fen,
        location=None,
        portal_url=None,
        updated_at=state.updated_at,
    )


def _of_record(state: RecordState) -> Item:
    located = state.longitude is not None and state.latitude is not None
    return Item(
        id=record_id(state),
        type="record",
        kind=str(state.kind),
        title=state.title,
        summary=state.summary,
        body="\n".join(text for text in (state.address, *_texts_in(state.details)) if text),
        jurisdiction=state.jurisdiction,
        organization={"id": None, "name": state.organization.name} if state.organization else None,
        status=None,
        claimable=False,
        tense=state.tense,
        industry=state.industry,
        deadline=None,
        reward_fen=None,
        location=(state.longitude, state.latitude) if located else None,  # type: ignore[arg-type]
        portal_url=state.portal_url,
        updated_at=state.updated_at,
        valid_until=_day(state.valid_until),
    )


def _day(text: str | None) -> date | None:
    """Cities' days are cleaned before they are published. What an older record says that is no day ends nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _texts_in(details: Any) -> Iterator[str]:
    """Every text in a record's details, whatever a kind keeps there."""
    if isinstance(details, str):
        yield details
    elif isinstance(details, dict):
        for each in details.values():
            yield from _texts_in(each)
    elif isinstance(details, list | tuple):
        for each in details:
            yield from _texts_in(each)
