"""From a message and the facts of an event to its final words, and to fields that WeChat accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from services.notifications.digests.domain import Digest
from services.notifications.subjects.message import Facts, Message
from services.notifications.subjects.templates import TEMPLATES
from shared.wechat.fields import clock_text, fit


@dataclass(frozen=True)
class Written:
    """A message in its final words. `data` is shaped so that WeChat takes it."""

    title: str
    body: str
    data: dict[str, str]
    page: str


def write(message: Message, facts: Facts) -> Written:
    """The message for these facts. KeyError when it needs a fact that the event does not have."""
    data = _filled(message, facts.words)
    page = TEMPLATES[message.template].page.format(link_id=quote(facts.link_id, safe=""))
    return Written(message.title.format_map(facts.words), message.body.format_map(facts.words), data, page)


def write_digest(message: Message, digest: Digest) -> dict[str, str]:
    """The fields for WeChat of everything that the digest holds."""
    words = {"title": digest.title, "count": str(len(digest.found)), "at": clock_text(digest.as_of)}
    return _filled(message, words)


def _filled(message: Message, words: Mapping[str, str]) -> dict[str, str]:
    return {key: fit(key, text.format_map(words)) for key, text in message.fields.items()}
