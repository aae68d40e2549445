"""Who is told what: one row per message, from the event to the words in the inbox and the fields of the template.

Words in braces are facts of the event (facts.py). A new message is a row here, and a template where it needs a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from services.notifications.preferences.domain import Group


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


@dataclass(frozen=True)
class Message:
    """One row. `about` is what a tap in the inbox opens; `only` limits it to events with these facts."""

    name: str
    event: str
    audience: Audience
    group: Group
    title: str
    body: str
    about: str
    template: str
    fields: Mapping[str, str]
    only: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = False
    """About a sealed claim: operators' lists leave it out."""
    digest: bool = False
    """WeChat is told of it once a day, with everything else that this row is about; the inbox at once."""


_CHALLENGE_FOUND = Message(
    name="challenge-found",
    event="saved-search.hit",
    audience=Audience.SEARCHER,
    group="saved-search",
    title="有新榜单符合“{search}”",
    body="{city}发布了“{title}”，榜金{reward}，揭榜截止时间为{deadline}。",
    about="challenge",
    template="new_challenge",
    fields={"thing1": "{title}", "amount2": "{reward}", "time3": "{deadline}", "thing4": "{city}"},
    only={"about": "challenge", "notify": "at_once"},
)

MESSAGES: tuple[Message, ...] = (
    Message(
        name="organization-approved",
        event="organization.approved",
        audience=Audience.APPLICANT,
        group="organization",
        title="单位认证已通过",
        body="“{organization}”已通过{city}的认证，现在可以发榜和揭榜。",
        about="organization",
        template="organization_result",
        fields={"thing1": "{organization}", "phrase2": "审核通过", "thing3": "现在可以发榜和揭榜", "time4": "{at}"},
    ),
    Message(
        name="organization-rejected",
        event="organization.rejected",
        audience=Audience.APPLICANT,
        group="organization",
        title="单位认证未通过",
        body="“{organization}”未通过{city}的认证：{reason}。请按原因修改后重新提交。",
        about="organization",
        template="organization_result",
        fields={"thing1": "{organization}", "phrase2": "未通过", "thing3": "{reason}", "time4": "{at}"},
    ),
    Message(
        name="challenge-returned",
        event="challenge.returned",
        audience=Audience.POSTER,
        group="challenge",
        title="榜单已退回，请修改",
        body="“{title}”被{city}退回：{reason}。请修改后重新提交。",
        about="challenge",
        template="challenge_progress",
        fields={"thing1": "{title}", "phrase2": "已退回", "thing3": "{reason}", "time4": "{at}"},
    ),
    Message(
        name="challenge-approved",
        event="challenge.approved",
        audience=Audience.POSTER,
        group="challenge",
        title="榜单已通过审核",
        body="“{title}”已通过{city}审核，等待发布。",
        about="challenge",
        template="challenge_progress",
        fields={"thing1": "{title}", "phrase2": "审核通过", "thing3": "等待发布", "time4": "{at}"},
    ),
    Message(
        name="challenge-published",
        event="challenge.published",
        audience=Audience.POSTER,
        group="challenge",
        title="榜单已发布",
        body="“{title}”已发布，揭榜截止时间为{deadline}。",
        about="challenge",
        template="challenge_progress",
        fields={"thing1": "{title}", "phrase2": "已发布", "thing3": "正在接受揭榜", "time4": "{at}"},
    ),
    _CHALLENGE_FOUND,
    replace(
        _CHALLENGE_FOUND,
        name="challenge-collected",
        template="new_challenges",
        fields={"thing1": "{title}", "number2": "{count}", "time3": "{at}"},
        only={"about": "challenge", "notify": "digest"},
        digest=True,
    ),
    Message(
        name="claim-receipt",
        event="claim.submitted",
        audience=Audience.CLAIMANTS,
        group="claim",
        title="揭榜已提交，请留存回执",
        body="您对“{title}”的揭榜已于{submitted}提交并密封，回执编号{receipt}，内容摘要（SHA-256）{sha256}。",
        about="challenge",
        template="claim_receipt",
        fields={"thing1": "{title}", "time2": "{submitted}", "character_string3": "{receipt}"},
        sealed=True,
    ),
    Message(
        name="claim-counted",
        event="claim.submitted",
        audience=Audience.POSTER,
        group="claim",
        title="收到新的揭榜",
        body="“{title}”已收到{count}份揭榜。内容在截止开榜前密封，任何人都不能查看。",
        about="challenge",
        template="claim_count",
        fields={"thing1": "{title}", "number2": "{count}", "time3": "{at}"},
        sealed=True,
    ),
)

_GROUPS: dict[str, Group] = {message.event: message.group for message in MESSAGES}


def group_of(event: str) -> Group:
    """The group of preferences that an event belongs to. KeyError for an event that tells nobody."""
    return _GROUPS[event]
