"""A delivery 投递: one WeChat message to one person, and what may become of it (law 5).

It is about one event, or a digest of a day's hits (digests/domain.py).
pending → sending → sent | failed | skipped | unknown. `sending` is written before WeChat is called, so whoever finds it
after a crash knows that the message may be out: it becomes unknown, and only WeChat's own word settles it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import computed_field

from services.notifications.digests.domain import Digest, Found, known_as
from shared.aggregates.adopting import Told
from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Kept
from shared.events.notifications import DeliveryState, DeliveryStatus
from shared.values.jurisdictions import Jurisdiction

LEASE = timedelta(seconds=120)
"""How long a send may be under way: two tokens and two calls of 17 s each at most (shared/wechat/client.py), and then some."""
GIVE_UP_AFTER = timedelta(hours=24)
"""A message that late informs nobody; the inbox has it."""

_WECHAT = "wechat"
"""The actor of what WeChat itself reports."""


class Delivery(Kept):
    """One row of the ledger. `due_at` is when a pending one may go, and when a sending one's lease ends."""

    id: str
    event_id: str
    event: str
    group: str = ""
    """The group of preferences. Rows that were written before it was kept have none, which takes the defaults."""
    recipient: str
    """A keyed pseudonym, never a user id (names.py): claimants are secret until the opening."""
    template: str
    template_id: str = ""
    """WeChat's id of the template, empty until it is known."""
    data: dict[str, str]
    page: str
    jurisdiction: Jurisdiction | None
    sealed: bool
    """About a sealed claim, and so in no operator's list."""
    bulk: bool = False
    """One of thousands about one event: it never delays another."""
    urgent_until: datetime | None = None
    """A deadline that the message is about; quiet hours are not kept when it falls into them."""
    digest: Digest | None = None
    """What it has collected, where it is a digest; `event_id` is then the name of its morning."""
    status: DeliveryStatus = "pending"
    reason: str | None = None
    awaits: str | None = None
    """The recipient, while accounts has not told of them yet. Not of sealed rows, which ask again by themselves."""
    attempts: int = 0
    owner: str = ""
    """Which attempt of which process is sending it."""
    msgid: int | None = None
    due_at: datetime
    started_at: datetime | None = None
    created_at: datetime
    settled_at: datetime | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def position(self) -> str:
        """Where it stands in the list: by time, then by id."""
        return f"{self.created_at.isoformat()}/{self.id}"

    @property
    def waits(self) -> bool:
        return self.status == "pending"

    @property
    def collects(self) -> bool:
        """Whether it is a digest that nobody has begun to send."""
        return self.digest is not None and self.waits and not self.attempts

    @property
    def given_up_at(self) -> datetime:
        """From when on it is not sent any more."""
        return (self.digest.morning if self.digest else self.created_at) + GIVE_UP_AFTER

    @property
    def open(self) -> bool:
        """Whether WeChat's word can still change what we know."""
        return self.status in ("sending", "unknown")


Decide = Callable[[Delivery], Decision[Delivery] | None]


def published(delivery: Delivery) -> DeliveryState:
    """The payload of its events."""
    return DeliveryState(
        id=delivery.id,
        event_id=delivery.event_id,
        recipient=delivery.recipient,
        channel="wechat",
        template_id=delivery.template_id,
        status=delivery.status,
        reason=delivery.reason,
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        settled_at=delivery.settled_at,
    )


def taken_from_log(told: Told, delivery: Delivery | None) -> Delivery | None:
    """The row as the log knows it, so that nothing that was sent is sent again. Its words are in no event: a row that waited
    and is gone is skipped, since the inbox has what it would have said, and one under way may have gone out."""
    state = told.newest.data
    if not isinstance(state, DeliveryState):
        return None
    known = delivery or _without_words(state)
    status, reason = state.status, state.reason
    if status == "pending" and delivery is None:
        status, reason = "skipped", "restored"
    elif status == "sending":
        status, reason = "unknown", "restored"
    changes = {
        "status": status,
        "reason": reason,
        "attempts": state.attempts,
        "settled_at": state.settled_at,
        "owner": "",
    }
    return known.model_copy(update={**changes, "template_id": state.template_id})


def _without_words(told: DeliveryState) -> Delivery:
    return Delivery(
        id=told.id,
        event_id=told.event_id,
        event="",
        recipient=told.recipient,
        template="",
        data={},
        page="",
        jurisdiction=None,
        sealed=True,
        due_at=told.created_at,
        created_at=told.created_at,
    )


def queue(delivery: Delivery) -> Decision[Delivery]:
    """The row, written before anything is sent."""
    return Decision(delivery, "queue", SYSTEM, "delivery.queued")


def begin_digest(delivery: Delivery, digest_id: str, morning: datetime, found: Found) -> Delivery:
    """The row about one thing that was found as the first of that morning's digest. No single deadline hastens it."""
    return delivery.model_copy(
        update={
            "id": digest_id,
            "event_id": known_as(morning),
            "digest": Digest(morning=morning, found=(found,)),
            "jurisdiction": None,
            "urgent_until": None,
            "due_at": morning,
        }
    )


def collect(delivery: Delivery, found: Found, write: Callable[[Digest], dict[str, str]]) -> Decision[Delivery] | None:
    """The digest with this as well, and its words for it. None when it has it already, or is past collecting."""
    if delivery.digest is None or not delivery.collects or delivery.digest.holds(found.event_id):
        return None
    digest = delivery.digest.joined_by(found)
    return _becomes(delivery, "collect", None, digest=digest, data=write(digest))


def start(delivery: Delivery, *, owner: str, template_id: str, at: datetime) -> Decision[Delivery] | None:
    """This attempt sends it now. None when it is no longer waiting: somebody else was faster."""
    if not delivery.waits:
        return None
    return _becomes(
        delivery,
        "start",
        "delivery.started",
        status="sending",
        reason=None,
        awaits=None,
        owner=owner,
        template_id=template_id,
        attempts=delivery.attempts + 1,
        due_at=at + LEASE,
        started_at=at,
    )


def accepted(delivery: Delivery, msgid: int | None, at: datetime, by: str = SYSTEM) -> Decision[Delivery] | None:
    """WeChat took it: it is sent, even if a sweep had called it unknown meanwhile."""
    if not delivery.open:
        return None
    return _settled(delivery, "accept", "sent", None, at, by=by, msgid=msgid)


def uncertain(delivery: Delivery, reason: str) -> Decision[Delivery] | None:
    """No answer came, or the process died: it may be out, so it is never sent again by us."""
    if delivery.status != "sending":
        return None
    return _becomes(delivery, "mark-unknown", "delivery.settled", status="unknown", reason=reason, owner="")


def postpone(delivery: Delivery, until: datetime, reason: str, awaits: str | None = None) -> Decision[Delivery] | None:
    """It goes later: WeChat turned it away without effect, or it is not its time yet.

    A wait that has been written already is no news and gives no event.
    """
    if delivery.status not in ("pending", "sending"):
        return None
    event = "delivery.queued" if delivery.status == "sending" else None
    return _becomes(delivery, "postpone", event, status="pending", reason=reason, awaits=awaits, owner="", due_at=until)


def release(delivery: Delivery, at: datetime) -> Decision[Delivery] | None:
    """What it waited for has come: it is due now."""
    return _becomes(delivery, "release", None, reason=None, awaits=None, due_at=at) if delivery.waits else None


def fail(delivery: Delivery, reason: str, at: datetime) -> Decision[Delivery] | None:
    """It cannot be sent, and nobody should try again."""
    if not (delivery.waits or delivery.open):
        return None
    return _settled(delivery, "fail", "failed", reason, at)


def skip(delivery: Delivery, reason: str, at: datetime) -> Decision[Delivery] | None:
    """It must not be sent: no consent, no template, or the person does not want it. The inbox has it."""
    if not (delivery.waits or delivery.open):
        return None
    return _settled(delivery, "skip", "skipped", reason, at)


def while_it_waits(decide: Decide) -> Decide:
    """The same, unless somebody has begun to send it meanwhile: what was judged before that holds no more."""
    return lambda delivery: decide(delivery) if delivery.waits else None


def hear_from_wechat(delivery: Delivery, error_code: int, msgid: int | None, at: datetime) -> Decision[Delivery] | None:
    """WeChat's own word on what became of it. It settles what was unknown, and corrects what was thought sent."""
    if error_code == 0:
        return accepted(delivery, msgid, at, by=_WECHAT)
    if delivery.status in ("sending", "unknown", "sent"):
        return _settled(delivery, "fail", "failed", f"wechat_{error_code}", at, by=_WECHAT, msgid=msgid)
    return None


def _settled(
    delivery: Delivery,
    action: str,
    status: DeliveryStatus,
    reason: str | None,
    at: datetime,
    *,
    by: str = SYSTEM,
    **more: Any,
) -> Decision[Delivery]:
    return _becomes(
        delivery,
        action,
        "delivery.settled",
        by=by,
        status=status,
        reason=reason,
        owner="",
        awaits=None,
        settled_at=at,
        **more,
    )


def _becomes(
    delivery: Delivery, action: str, event: str | None, *, by: str = SYSTEM, **changes: Any
) -> Decision[Delivery]:
    return Decision(delivery.model_copy(update=changes), action, by, event)
