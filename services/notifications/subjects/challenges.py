"""Challenges 榜单: the poster follows the review and the publication of its own."""

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject, admins_of
from shared.events.challenges import ChallengeState
from shared.events.envelope import Event
from shared.values.notices import NotificationGroups
from shared.wechat.fields import clock_text


def facts(event: Event, _: KnownChallenge | None = None) -> Facts:
    """The facts of an event about a challenge."""
    challenge = event.data
    assert isinstance(challenge, ChallengeState)
    words = {
        "title": challenge.title,
        "city": challenge.jurisdiction.chinese,
        "reason": "；".join(reason.message for reason in challenge.return_reasons),
        "deadline": clock_text(challenge.deadline),
        "at": clock_text(event.time),
    }
    return Facts(
        words,
        event.id,
        event.time,
        challenge.id,
        challenge.jurisdiction,
        circles={Audience.POSTER: admins_of(challenge.organization.id)},
        deadline=challenge.deadline,
    )


SUBJECT = Subject(
    group=NotificationGroups.CHALLENGE,
    facts=facts,
    messages=(
        Message(
            name="challenge-returned",
            event="challenge.returned",
            audience=Audience.POSTER,
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
            title="榜单已发布",
            body="“{title}”已发布，揭榜截止时间为{deadline}。",
            about="challenge",
            template="challenge_progress",
            fields={"thing1": "{title}", "phrase2": "已发布", "thing3": "正在接受揭榜", "time4": "{at}"},
        ),
    ),
)
