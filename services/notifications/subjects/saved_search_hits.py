"""Saved searches 订阅: their owners learn of a new challenge or record that fits, at once or in a digest."""

from dataclasses import replace

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.values.kinds import Kind
from shared.values.notices import NotificationGroups
from shared.values.open_sets import chinese_name
from shared.wechat.fields import amount_text, clock_text


def facts(event: Event, _: KnownChallenge | None = None) -> Facts:
    """The facts of a hit. People are told of the event that brought the item, however many of their searches it fits."""
    hit = event.data
    assert isinstance(hit, SavedSearchHit)
    item = hit.item
    words = {
        "search": hit.subscription_name,
        "title": item.title,
        "city": item.jurisdiction.chinese,
        "reward": amount_text(item.reward_fen or 0),
        "deadline": clock_text(item.deadline) if item.deadline else "",
        "at": clock_text(hit.occurred_at),
        "count": "1",
        "kind": chinese_name(Kind, item.kind) if item.kind else "",
        "about": item.type,
        "notify": hit.notify,
    }
    searcher = {Audience.SEARCHER: (hit.user_id,)}
    return Facts(words, hit.cause, hit.occurred_at, item.id, item.jurisdiction, searcher, deadline=item.deadline)


_CHALLENGE = Message(
    name="challenge-found",
    event="saved-search.hit",
    audience=Audience.SEARCHER,
    title="有新榜单符合“{search}”",
    body="{city}发布了“{title}”，榜金{reward}，揭榜截止时间为{deadline}。",
    about="challenge",
    template="new_challenge",
    fields={"thing1": "{title}", "amount2": "{reward}", "time3": "{deadline}", "thing4": "{city}"},
    only={"about": "challenge", "notify": "at_once"},
    bulk=True,
)
_RECORD = replace(
    _CHALLENGE,
    name="record-found",
    title="有新内容符合“{search}”",
    body="{city}发布了{kind}“{title}”。",
    about="record",
    template="new_record",
    fields={"thing1": "{title}", "thing2": "{kind}", "time3": "{at}", "thing4": "{city}"},
    only={"about": "record", "notify": "at_once"},
)


def _collected(found: Message, name: str) -> Message:
    """The same in a digest; challenges and records share one."""
    return replace(
        found,
        name=name,
        template="new_challenges",
        fields={"thing1": "{title}", "number2": "{count}", "time3": "{at}"},
        only={**found.only, "notify": "digest"},
        digest=True,
    )


SUBJECT = Subject(
    group=NotificationGroups.SAVED_SEARCH,
    facts=facts,
    messages=(
        _CHALLENGE,
        _collected(_CHALLENGE, "challenge-collected"),
        _RECORD,
        _collected(_RECORD, "record-collected"),
    ),
)
