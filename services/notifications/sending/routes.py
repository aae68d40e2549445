"""HTTP: the deliveries and the processes that send them, for operators."""

from typing import Literal

from pydantic import BaseModel

from services.notifications.sending.delivery import Delivery
from services.notifications.sending.reasons import PAUSED, sentence_of
from services.notifications.sending.store import Ledger, Senders, SenderState
from shared.events.notifications import DeliveryStatus
from shared.events.payload import Instant
from shared.http import paging
from shared.http.paging import Cursor, Limit, Page, page_of
from shared.http.routes import CallerOf, Router


class DeliveryView(BaseModel):
    """A row of the ledger; its recipient shows enough of the pseudonym to tell two rows apart."""

    id: str
    event_id: str
    recipient_masked: str
    channel: Literal["wechat"] = "wechat"
    template_id: str
    status: DeliveryStatus
    reason: str | None
    reason_text: str | None
    """What the reason means and what to do, for people."""
    attempts: int
    created_at: Instant
    settled_at: Instant | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryView":
        """As operators see it."""
        shown = delivery.model_dump(include=set(cls.model_fields))
        return cls(**shown, recipient_masked=f"{delivery.recipient[:4]}****", reason_text=sentence_of(delivery.reason))


class SenderView(BaseModel):
    """Whether a process sends messages through WeChat, since when, and why not."""

    process: str
    state: Literal["sending", "paused"]
    since: Instant
    unanswered: int
    """How many sends in a row WeChat has left without an answer."""
    again_at: Instant | None
    """When WeChat is asked again whether it answers."""
    reason_text: str | None

    @classmethod
    def of(cls, sender: SenderState) -> "SenderView":
        """As operators see it."""
        doubt = sender.doubt
        return cls(
            process=sender.process,
            state="paused" if doubt else "sending",
            since=sender.since,
            unanswered=doubt.unanswered if doubt else 0,
            again_at=doubt.again_at if doubt else None,
            reason_text=PAUSED.format(unanswered=doubt.unanswered) if doubt else None,
        )


def delivery_routes(routes: Router, ledger: Ledger, senders: Senders) -> None:
    """Adds the routes of this room."""

    @routes.action("notifications.list-deliveries")
    async def list_deliveries(
        caller: CallerOf, limit: Limit = 20, cursor: Cursor = None, status: DeliveryStatus | None = None
    ) -> Page[DeliveryView]:
        """Lists deliveries through WeChat to operators, newest first; what concerns sealed claims is left out."""
        rows = await ledger.page(caller, status, paging.decode_text(cursor), limit + 1)
        more = paging.encode(rows[limit - 1].position) if len(rows) > limit else None
        return Page(items=[DeliveryView.of(each) for each in rows[:limit]], next_cursor=more)

    @routes.action("notifications.list-senders")
    async def list_senders(_: CallerOf, limit: Limit = 20, cursor: Cursor = None) -> Page[SenderView]:
        """Lists the processes that send through WeChat, and which of them wait because WeChat does not answer."""
        return page_of([SenderView.of(each) for each in await senders.all()], limit, cursor)
