"""The facts of an event in the words of a message: what the braces in messages.py are filled with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from services.notifications.digests.domain import Digest
from services.notifications.subjects.messages import Message
from services.notifications.subjects.templates import TEMPLATES
from shared.events.accounts import OrganizationState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.values.jurisdictions import Jurisdiction
from shared.wechat.fields import amount_text, clock_text, fit


@dataclass(frozen=True)
class KnownChallenge:
    """What a claim's messages need of its challenge."""

    id: str
    title: str
    jurisdiction: Jurisdiction
    organization_id: str
    deadline: datetime


@dataclass(frozen=True)
class Facts:
    """`words` fill the braces; the rest says where the message belongs. `cause` is the event that people are told of."""

    words: Mapping[str, str]
    cause: str
    occurred_at: datetime
    link_id: str
    jurisdiction: Jurisdiction
    organization_id: str = ""
    """Whose members are told, where an organisation is."""
    deadline: datetime | None = None


@dataclass(frozen=True)
class Written:
    """A message in its final words. `data` is shaped so that WeChat takes it."""

    title: str
    body: str
    data: dict[str, str]
    page: str


def of_organization(event: Event, organization: OrganizationState) -> Facts:
    words = {
        "organization": organization.name,
        "city": organization.jurisdiction.chinese,
        "reason": organization.reason or "",
        "at": clock_text(event.time),
    }
    return Facts(words, event.id, event.time, organization.id, organization.jurisdiction)


def of_challenge(event: Event, challenge: ChallengeState) -> Facts:
    words = {
        "title": challenge.title,
        "city": challenge.jurisdiction.chinese,
        "reason": "；".join(reason.message for reason in challenge.return_reasons),
        "deadline": clock_text(challenge.deadline),
        "at": clock_text(event.time),
    }
    poster = challenge.organization.id
    return Facts(words, event.id, event.time, challenge.id, challenge.jurisdiction, poster, challenge.deadline)


def of_saved_search_hit(hit: SavedSearchHit) -> Facts:
    item = hit.item
    words = {
        "search": hit.subscription_name,
        "title": item.title,
        "city": item.jurisdiction.chinese,
        "reward": amount_text(item.reward_fen or 0),
        "deadline": clock_text(item.deadline) if item.deadline else "",
        "at": clock_text(hit.occurred_at),
        "count": "1",
        "about": item.type,
        "notify": hit.notify,
    }
    return Facts(words, hit.cause, hit.occurred_at, item.id, item.jurisdiction, deadline=item.deadline)


def of_claim(event: Event, claim: ClaimState, challenge: KnownChallenge, count: int) -> Facts:
    """`count` is how many claims the challenge has, this one included."""
    words = {
        "title": challenge.title,
        "submitted": clock_text(claim.submitted_at or event.time),
        "receipt": claim.id.replace("-", ""),
        "sha256": claim.sha256,
        "count": str(count),
        "at": clock_text(event.time),
    }
    poster = challenge.organization_id
    return Facts(words, event.id, event.time, challenge.id, challenge.jurisdiction, poster, challenge.deadline)


def concerns(message: Message, facts: Facts) -> bool:
    """Whether this row of the table is about an event with these facts."""
    return all(facts.words.get(name) == value for name, value in message.only.items())


def write(message: Message, facts: Facts) -> Written:
    """The message for these facts. KeyError when it needs a fact that the event does not have."""
    data = _filled(message, facts.words)
    page = TEMPLATES[message.template].page.format(link_id=quote(facts.link_id, safe=""))
    return Written(message.title.format_map(facts.words), message.body.format_map(facts.words), data, page)


def write_digest(message: Message, digest: Digest) -> dict[str, str]:
    """What WeChat is told of everything that the digest holds."""
    words = {"title": digest.title, "count": str(len(digest.found)), "at": clock_text(digest.as_of)}
    return _filled(message, words)


def _filled(message: Message, words: Mapping[str, str]) -> dict[str, str]:
    return {key: fit(key, text.format_map(words)) for key, text in message.fields.items()}
