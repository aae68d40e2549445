"""What notifications tells: how each WeChat send went. Recipients are keyed pseudonyms, always."""

from typing import Literal

from shared.events.payload import Instant, Payload

DeliveryStatus = Literal["pending", "sending", "sent", "failed", "unknown", "skipped"]


class DeliveryState(Payload):
    """One row of the effects ledger (law 5)."""

    id: str
    event_id: str
    recipient: str
    channel: Literal["wechat"]
    template_id: str
    status: DeliveryStatus
    reason: str | None
    attempts: int
    created_at: Instant
    settled_at: Instant | None
