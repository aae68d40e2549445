"""Claims 揭榜: claimants get their receipt, the poster learns how many claims there are, and nobody learns more."""

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject, admins_of
from shared.events.challenges import ClaimState
from shared.events.envelope import Event
from shared.values.notices import NotificationGroups
from shared.wechat.fields import clock_text


def facts(event: Event, challenge: KnownChallenge | None) -> Facts:
    """The facts of an event about a claim on this challenge."""
    claim = event.data
    assert isinstance(claim, ClaimState)
    assert challenge is not None, "the subject names the challenge that has to be known first"
    words = {
        "title": challenge.title,
        "state": claim.state,
        "submitted": clock_text(claim.submitted_at or event.time),
        "receipt": claim.id.replace("-", ""),
        "sha256": claim.sha256,
        "count": str(challenge.claims),
        "at": clock_text(event.time),
    }
    return Facts(
        words,
        event.id,
        event.time,
        challenge.id,
        challenge.jurisdiction,
        people={Audience.CLAIMANTS: claim.people},
        circles={Audience.POSTER: admins_of(challenge.organization_id)},
        deadline=challenge.deadline,
    )


def challenge_of(event: Event) -> str:
    """The id of the claim's challenge."""
    assert isinstance(event.data, ClaimState)
    return event.data.challenge_id


SUBJECT = Subject(
    group=NotificationGroups.CLAIM,
    facts=facts,
    challenge=challenge_of,
    messages=(
        Message(
            name="claim-receipt",
            event="claim.submitted",
            audience=Audience.CLAIMANTS,
            title="揭榜已提交，请留存回执",
            body="您对“{title}”的揭榜已于{submitted}提交并密封，回执编号{receipt}，内容摘要（SHA-256）{sha256}。",
            about="challenge",
            template="claim_receipt",
            fields={"thing1": "{title}", "time2": "{submitted}", "character_string3": "{receipt}"},
            sealed=True,
        ),
        Message(
            name="claim-receipt-replaced",
            event="claim.replaced",
            audience=Audience.CLAIMANTS,
            title="揭榜已更新，请留存新回执",
            body="您对“{title}”的揭榜已于{submitted}更新并重新密封，此前的回执由本回执取代：编号{receipt}，内容摘要（SHA-256）{sha256}。",
            about="challenge",
            template="claim_receipt",
            fields={"thing1": "{title}", "time2": "{submitted}", "character_string3": "{receipt}"},
            only={"state": "submitted"},
            sealed=True,
        ),
        Message(
            name="claim-consented",
            event="claim.consented",
            audience=Audience.CLAIMANTS,
            title="联合体成员已全部同意",
            body="您对“{title}”的揭榜申请已获全部成员单位同意，请在揭榜截止前提交；不提交则不生效。",
            about="challenge",
            template="claim_consents",
            fields={"thing1": "{title}", "phrase2": "全部同意", "time3": "{at}"},
            sealed=True,
        ),
        Message(
            name="claim-counted",
            event="claim.submitted",
            audience=Audience.POSTER,
            title="收到新的揭榜",
            body="“{title}”已收到{count}份揭榜。内容在截止开榜前密封，任何人都不能查看。",
            about="challenge",
            template="claim_count",
            fields={"thing1": "{title}", "number2": "{count}", "time3": "{at}"},
            sealed=True,
        ),
    ),
)
