"""What a subject consists of: the facts of its events, whom they concern, and the messages about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.events.envelope import Event
from shared.values.jurisdictions import Jurisdiction
from shared.values.notices import NotificationGroups


class Audience(StrEnum):
    """Whom an event concerns."""

    APPLICANT = "applicant"
    """The person who asked for the organisation to be verified."""
    POSTER = "poster"
    """The org_admins of the organisation that posts the challenge."""
    SEARCHER = "searcher"
    """The owner of the saved search."""
    CLAIMANTS = "claimants"
    """The people that a claim names for its receipt."""
    OBJECTOR = "objector"
    """The person who objected to a record."""
    OPERATORS = "operators"
    """The operators of the city."""


def admins_of(organization_id: str) -> str:
    """The circle of an organisation's org_admins. Whoever joins a circle later is told what was new since then."""
    return f"organization/{organization_id}"


def operators_of(jurisdiction: Jurisdiction) -> str:
    """The circle of a city's operators."""
    return f"operators/{jurisdiction}"


@dataclass(frozen=True)
class Message:
    """One message. Words in braces are facts of the event; `about` is the type of the link that a tap in the inbox opens."""

    name: str
    event: str
    audience: Audience
    title: str
    body: str
    about: str
    template: str
    fields: Mapping[str, str]
    only: Mapping[str, str] = field(default_factory=dict)
    """Limits the message to events with these facts."""
    sealed: bool = False
    """It is about a sealed claim: operators' lists leave its deliveries out."""
    digest: bool = False
    """WeChat gets it once a day, together with everything else of this message; the inbox gets it at once."""
    bulk: bool = False
    """One event may concern thousands of people: its deliveries never delay others."""


@dataclass(frozen=True)
class KnownChallenge:
    """What the messages about a claim need of its challenge."""

    id: str
    title: str
    jurisdiction: Jurisdiction
    organization_id: str
    deadline: datetime
    claims: int = 0
    """How many claims it has, up to the one that the message is about."""


@dataclass(frozen=True)
class Facts:
    """`words` fill the braces; the rest says where the message belongs. `cause` is the event that people are told of."""

    words: Mapping[str, str]
    cause: str
    occurred_at: datetime
    link_id: str
    jurisdiction: Jurisdiction
    people: Mapping[Audience, tuple[str, ...]] = field(default_factory=dict)
    """User ids, or names that hold within a claim (names.py)."""
    circles: Mapping[Audience, str] = field(default_factory=dict)
    """The circle that is the audience."""
    deadline: datetime | None = None


@dataclass(frozen=True)
class Subject:
    """Everything that people are told about one kind of thing. `group` is the group of preferences that it belongs to."""

    group: NotificationGroups
    facts: Callable[[Event, KnownChallenge | None], Facts]
    messages: tuple[Message, ...]
    challenge: Callable[[Event], str] | None = None
    """Gives the id of the challenge that has to be known first."""

    def messages_about(self, event: Event, facts: Facts) -> list[Message]:
        """The messages that this event sets off."""
        return [each for each in self.messages if each.event == event.type.short and concerns(each, facts)]


def concerns(message: Message, facts: Facts) -> bool:
    """Whether the message is for events with these facts."""
    return all(facts.words.get(name) == value for name, value in message.only.items())
